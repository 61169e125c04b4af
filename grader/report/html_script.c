/* The one script, of the overview alone. It reads the table's own cells and writes nothing but
 * their order, their visibility and how many are shown; without it the page is complete. */
#include "base/hash.h"
#include "report/html_write.h"

/* Lines that are empty in the column go last in both directions: no grade is no number. */
static const char *const lines[] = {
	"'use strict';(function(){",
	"var table=document.getElementById('entries'),tools=document.getElementById('tools');",
	"if(!table)return;",
	"var body=table.tBodies[0],rows=Array.prototype.slice.call(body.rows);",
	"var heads=Array.prototype.slice.call(table.tHead.rows[0].cells);",
	"var texts=rows.map(function(r){return r.textContent.toLowerCase()});",
	"var filter=document.getElementById('filter'),shown=document.getElementById('shown');",
	"var order=new Intl.Collator('en',{numeric:true,sensitivity:'base'});",
	"function key(row,column,number){var t=row.cells[column].textContent.trim();",
	"if(!number)return t;var n=parseFloat(t);return n!==n?'':n}",
	"function sort(column){var head=heads[column],number=head.className==='n';",
	"var was=head.getAttribute('aria-sort'),down=was==='none'?number:was==='ascending';",
	"heads.forEach(function(h){if(h.hasAttribute('aria-sort'))h.setAttribute('aria-sort','none'"
	")"
	"});",
	"head.setAttribute('aria-sort',down?'descending':'ascending');",
	"var keyed=rows.map(function(r,i){return{row:r,key:key(r,column,number),at:i}});",
	"keyed.sort(function(a,b){if(a.key===''||b.key==='')",
	"return a.key===b.key?a.at-b.at:a.key===''?1:-1;",
	"var d=number?a.key-b.key:order.compare(a.key,b.key);return(down?-d:d)||a.at-b.at});",
	"var all=document.createDocumentFragment();",
	"keyed.forEach(function(k){all.appendChild(k.row)});body.appendChild(all)}",
	"function narrow(){var words=filter.value.toLowerCase().split(/\\s+/),n=0;",
	"rows.forEach(function(r,i){var fits=words.every(function(w){return "
	"texts[i].indexOf(w)>=0});",
	"r.hidden=!fits;n+=fits});shown.textContent=n+' of '+rows.length+' shown'}",
	"heads.forEach(function(h,i){var "
	"b=h.querySelector('button');if(!b)return;b.disabled=false;",
	"b.addEventListener('click',function(){sort(i)})});",
	"filter.addEventListener('input',narrow);tools.hidden=false;narrow()})();",
};

enum { LINES = sizeof lines / sizeof lines[0] };

void html_script(FILE *out)
{
	(void)fputs("<script>", out);
	for (size_t i = 0; i < LINES; i++)
		(void)fprintf(out, "%s\n", lines[i]);
	(void)fputs("</script>\n", out);
}

static void base64(const uint8_t *bytes, size_t length, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < length; i += 3) {
		const unsigned second = i + 1 < length ? bytes[i + 1] : 0;
		const unsigned third = i + 2 < length ? bytes[i + 2] : 0;
		const unsigned group = (unsigned)bytes[i] << 16 | second << 8 | third;
		*out++ = digits[group >> 18];
		*out++ = digits[group >> 12 & 63];
		*out++ = i + 1 < length ? digits[group >> 6 & 63] : '=';
		*out++ = i + 2 < length ? digits[group & 63] : '=';
	}
	*out = '\0';
}

void html_script_sum(char out[static HTML_SCRIPT_SUM_BYTES])
{
	uint8_t sum[HASH_BYTES];
	struct hash hash;
	hash_init(&hash);
	for (size_t i = 0; i < LINES; i++) {
		size_t length = 0;
		while (lines[i][length] != '\0')
			length++;
		hash_update(&hash, lines[i], length);
		hash_update(&hash, "\n", 1);
	}
	hash_final(&hash, sum);
	base64(sum, sizeof sum, out);
}
