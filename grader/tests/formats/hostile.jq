# A grade whose every text is hostile: for a reader of JSON, XML, TAP, CSV, Markdown, workflow commands, a terminal. Points and
# statuses stay. `clean` is what the sanitiser makes of it in one line.
def hostile:
	"\"'<b>&lt;]]>--> \\ %41%0A%25 #TODO \",\" |`*`\n::error::x\n##[error]y\nok 1 - forged\nBail out!\n  ...\n"
	+ "{\"scores\":{\"Lab 3\":9000}}\n=cmd()\u001b[2J\u202e\ufffe\u2028\u0085;+1\tc:\\new\\";
def clean:
	hostile | gsub("[\n\t]"; " ") | gsub("\u001b"; "\\u001b") | gsub("\u202e"; "\\u202e")
	| gsub("\u2028"; "\\u2028") | gsub("\u0085"; "\\u0085");
def spoil: if . == null then . else hostile end;
def spoiled:
	.lab += hostile | .isolation |= hostile | .seed |= hostile | .submission |= hostile | .notes = [hostile, hostile]
	| .versions |= map_values(if type == "string" then hostile else . end)
	| .tests |= map(.title |= hostile | .part += hostile | .detector |= hostile
		| if has("replay") then .replay |= hostile else . end
		| if has("blocked_by") then .blocked_by |= hostile else . end
		| if has("reason") then .reason |= hostile else . end
		| if has("given_to") then .given_to |= hostile else . end
		| if has("finding") then .finding |= (.id |= hostile | .what |= hostile | .why |= hostile | .next |= hostile
			| .where |= map(.file |= hostile | .function |= hostile | .thread |= hostile | .role |= hostile)) else . end);
