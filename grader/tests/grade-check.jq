# jq -e -f grade-check.jq grade.json: true when the rules of a grade hold: sums, statuses with what they need, halves.
def cents: . * 100 | round;
def total(field): map(field | cents) | add // 0;
(.format == "interleave-grade/1")
and (.isolation | IN("full", "reduced"))
and (.seed | test("^[0-9a-f]{16}$"))
and ([.submission, .versions.grader_hash, .versions.lab_hash, .versions.toolchain_hash, .versions.grade_key]
     | all(test("^sha256:[0-9a-f]{64}$")))
and ([.tests[].id] | length == (unique | length))
and (.tests | all(.points >= 0 and .points <= .max))
and (.tests | all(
      if .status == "pass" then .points == .max and has("evidence")
      elif .status == "fail" then .points < .max and has("finding")
      elif .status == "blocked" then .points == 0 and has("blocked_by")
      elif .status == "skipped" then .max == 0 and has("reason") and has("given_to")
      elif .status == "infra" then .points == 0 and has("reason")
      else false end))
and (.tests | all(if has("finding") then .finding | has("id") and has("what") and has("where") and has("why") and has("next")
                  else true end))
and (.tests | all(.id as $id | if has("replay") then .status == "fail" and (.replay | test("^[A-Za-z0-9._-]{1,200}$") and startswith($id))
                  else true end))
and ((.max | cents) == (.tests | total(.max)))
and (.tests | all((.points * 2 | . == floor) and (.max * 2 | . == floor)))
and (if any(.tests[]; .status == "infra") or (.complete | not)
     then .score == null
     else (.score | cents) == (.tests | total(.points)) end)
