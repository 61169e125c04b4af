/* The one script, of the overview alone. It reads the table's own cells and writes nothing but
 * their order, their visibility and how many are shown; without it the page is complete. */
#include "base/hash.h"
#include "report/html_write.h"

/* A row that is empty in the column goes last in both directions: no grade is no number. */
/* clang-format off */
static const char *const lines[] = {
	"'use strict'; (() => {",
	"const table = document.getElementById('entries'), tools = document.getElementById('tools');",
	"const filter = document.getElementById('filter'), shown = document.getElementById('shown');",
	"const body = table.tBodies[0], rows = Array.from(body.rows);",
	"const heads = Array.from(table.tHead.rows[0].cells);",
	"const texts = rows.map(row => row.textContent.toLowerCase());",
	"const order = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});",
	"function compare(a, b, number, down) {",
	" if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;",
	" const d = number ? a - b : order.compare(a, b);",
	" return down ? -d : d;",
	"}",
	"function sort(column) {",
	" const head = heads[column], number = head.className === 'n', was = head.getAttribute('aria-sort');",
	" const down = was === 'none' ? number : was === 'ascending';",
	" const keyed = rows.map((row, at) => ({row, at, key: row.cells[column].textContent.trim()}));",
	" keyed.sort((a, b) => compare(a.key, b.key, number, down) || a.at - b.at);",
	" const all = document.createDocumentFragment();",
	" for (const one of keyed) all.append(one.row);",
	" body.append(all);",
	" for (const other of heads) other.setAttribute('aria-sort', 'none');",
	" head.setAttribute('aria-sort', down ? 'descending' : 'ascending');",
	"}",
	"function narrow() {",
	" const words = filter.value.toLowerCase().split(/\\s+/);",
	" let count = 0;",
	" rows.forEach((row, i) => {",
	"  row.hidden = !words.every(word => texts[i].includes(word));",
	"  count += !row.hidden;",
	" });",
	" shown.textContent = count + ' of ' + rows.length + ' shown';",
	"}",
	"heads.forEach((head, column) => {",
	" const button = head.querySelector('button');",
	" button.disabled = false;",
	" button.addEventListener('click', () => sort(column));",
	"});",
	"filter.addEventListener('input', narrow);",
	"tools.hidden = false;",
	"narrow(); /* a browser keeps what was typed when a page is loaded again */",
	"})();",
};
/* clang-format on */

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
		*out++ = digits[group >> 6 & 63];
		*out++ = digits[group & 63];
	}
	for (size_t i = length; i % 3 != 0; i++)
		out[-(int)(3 - i % 3)] = '=';
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
