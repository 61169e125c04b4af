/* What is around a page: the policy that lets a browser do nothing but show it, title and style. */
#include "report/html_write.h"

void html_begin(FILE *out, const char *title, enum html_kind kind)
{
	char sum[HTML_SCRIPT_SUM_BYTES];
	html_script_sum(sum);
	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'unsafe-inline'; ",
		    out);
	if (kind == HTML_OVERVIEW)
		(void)fprintf(out, "script-src 'sha256-%s'; ", sum);
	(void)fputs("base-uri 'none'; form-action 'none'\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n"
		    "<meta name=\"referrer\" content=\"no-referrer\">\n",
		    out);
	html_put(out, "<title>%s</title>\n", title);
	html_style(out, kind);
	(void)fputs("</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n",
		    out);
}

void html_end(FILE *out, enum html_kind kind)
{
	if (kind == HTML_OVERVIEW)
		html_script(out);
	(void)fputs("</body>\n</html>\n", out);
}

void html_status(FILE *out, const char *status)
{
	(void)fputs("<span class=\"s ", out);
	html_id(out, status);
	html_put(out, "\">%s</span>", status);
}
