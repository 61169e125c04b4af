#!/bin/sh
# A gradebook through a whole batch: the course system's file as given, the download in the system's own layout, gradings played by
# batch_stub.sh. Only the cells of who has a grade change, byte for byte. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
. grader/tests/batch_lib.sh

# Who is in each class: Jane passes, Bob fails the first test, Inga has no grade by our fault, Una's hand-in is unreadable, Zoe handed in nothing.
file() { # PATH WORDS NAME
	echo "/* STUB $2 */ int of_$3;" >"$1"
}
again() { rm -rf "$work/OUT" "$work/class" "${STUB_FOLDER:?}"/????????????????*; mkdir "$work/class"; }
book() { # SYSTEM GIVEN [OPTIONS]: the batch; then as grade report makes it
	system=$1
	given=$2
	shift 2
	batch --gradebook="$given" --formats="csv,$system" "$@"
	cp "$work/OUT/$system.csv" "$work/new" 2>/dev/null
}
came() { # TITLE: $work/wanted against $work/new
	check "$system: exit 2, one has no grade by our fault" same 2 "$status"
	check "$system: only the cells of who has a grade change" cmp "$work/wanted" "$work/new"
	rm "$work/OUT/$system.csv"
	build/grade report "$work/OUT" >"$work/out" 2>&1
	check "$system: grade report makes the same file again" cmp "$work/wanted" "$work/OUT/$system.csv"
	cp "$work/new" "$work/filled"
	book "$system" "$work/filled" ${1:+"$1"}
	check "$system: a file that says all of it already comes back byte for byte" cmp "$work/filled" "$work/OUT/$system.csv"
}

# Canvas leaves out whom it shall not touch: an import changes only the rows that are there.
again
file "$work/class/doejane_42_1001_bqueue.c" pass jane
file "$work/class/leebob_LATE_43_1002_bqueue-1.c" fail bob
file "$work/class/orringa_44_1003_bqueue.c" "infra 9" inga
echo text >"$work/class/poeuna_45_1004_essay.txt"
canvas() { # JANE BOB REST: the file
	printf '\357\273\277Student,ID,SIS Login ID,Section,"Essay, 1 (11)",Lab 3 (123456),Lab 3 Final Points\r\n,,,,Manual Posting,,\r\n'
	printf '    Points Possible,,,,10,90,(read only)\r\n"Doe, ""J"" Jane",42,jdoe,CS-01,"7",%s,"x"\r\nLee Bob,43, blee,"CS-01",,%s,\r\n' "$1" "$2"
	[ -z "$3" ] || printf 'Orr Inga,44,iorr,CS-01,,12,\r\nPoe Una,45,upoe,CS-01,,13,\r\nRay Zoe,46,zray,CS-01,,14,\r\n'
}
canvas '' ' 5 ' rest >"$work/given.csv"
canvas 90 84 '' >"$work/wanted"
book canvas "$work/given.csv"
came

# Moodle's worksheet keeps all rows.
again
for person in "Jane Doe_1042:pass:jane" "Bob Lee_1043:fail:bob" "Inga Orr_1044:infra 9:inga"; do
	folder=$work/class/${person%%:*}_assignsubmission_file_
	mkdir "$folder"
	words=${person#*:}
	file "$folder/bqueue.c" "${words%:*}" "${person##*:}"
done
mkdir "$work/class/Una Poe_1045_assignsubmission_file_"
echo text >"$work/class/Una Poe_1045_assignsubmission_file_/essay.txt"
moodle() { # JANE HERS BOB HIS
	printf 'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)","Feedback comments"\n'
	printf '"Participant 1042","Jane Doe",jdoe@example.edu,"Submitted for grading",%s,90.00,Yes,"Saturday, 21 November 2026, 8:46 PM",%s\n' "$1" "$2"
	printf '"Participant 1043","Bob ""B"" Lee",blee@example.edu,-,%s,90.00,Yes,-,%s\n' "$3" "$4"
	printf 'Participant 1044,Inga Orr,iorr@example.edu,-,12.00,90.00,Yes,-,\n"Participant 1045","Una Poe",,-,"13.00",90.00,Yes,-,"see ""me"""\n'
	printf '"Participant 1046","Zoe Ray",zray@example.edu,-,,90.00,Yes,-,\n'
}
moodle '""' '""' '5.00' '"well done"' >"$work/given.csv"
book moodle "$work/given.csv"
moodle '"90.00"' "\"Interleave: all tests passed; $(ask "SELECT note FROM entries WHERE origin LIKE 'Jane%'")\"" 84.00 '"well done"' >"$work/wanted"
came
check "moodle: what is left alone is told" grep -q 'has a feedback comment already: it stays' "$work/OUT/moodle-problems.txt"

# Brightspace has no download of its own: folders by login, and a roster.
again
hand_in jdoe pass
hand_in blee fail
hand_in iorr "infra 9"
mkdir "$work/class/upoe"
echo 'int essay;' >"$work/class/upoe/essay.c"
printf 'login,sid,name\njdoe,U0042,Jane Doe\nblee,U0043,Bob Lee\niorr,U0044,Inga Orr\nupoe,U0045,Una Poe\nzray,U0046,Zoe Ray\n' >"$work/roster.csv"
bright() { # JANE BOB REST
	printf 'OrgDefinedId,Username,Last Name,Lab 3 Points Grade <Numeric MaxPoints:90 Weight:10>,End-of-Line Indicator\r\n'
	printf '#U0042,#jdoe,"Doe, J",%s,#\r\n#U0043,#blee,Lee,%s,#\r\n' "$1" "$2"
	[ -z "$3" ] || printf '#U0044,#iorr,Orr,12,#\r\n#U0045,#upoe,Poe,13,#\r\n#U0046,#zray,Ray,14,#\r\n'
}
bright '' '"5"' rest >"$work/given.csv"
bright 90 '"84"' '' >"$work/wanted"
book brightspace "$work/given.csv" --roster="$work/roster.csv"
came --roster="$work/roster.csv"
finish
