# Interleave: finds the labs by their lab.conf, builds everything, carries every command. `make help` lists them.

CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),@:,@printf '  %-8s %s\n' $(1) '$(2)')

LABS    := $(patsubst labs/%/lab.conf,%,$(wildcard labs/*/lab.conf))
setting  = $(shell awk '/^\[/ { on = $$0 == "[$(1)]" } on && sub(/^$(2) *= */, "") { print; exit }' harness/builds.conf)
SECTIONS := $(shell sed -n 's/^\[\(.*\)\]/\1/p' harness/builds.conf)
SECOND  := $(foreach b,$(SECTIONS),$(if $(call setting,$(b),second),$(b)))
BUILDS  := $(filter-out $(SECOND),$(SECTIONS))
conf     = $(shell awk '/^[^ \t]/ { on = sub(/^$(2) *= */, "") } on' labs/$(1)/lab.conf)
name_of  = $(firstword $(filter $(LAB)-%,$(LABS)) $(LAB))

GCC     := $(findstring gcc,$(CC))
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
           -Wvla -Wformat=2 -Wundef -Wcast-qual -Wwrite-strings -Wswitch-enum $(if $(CI),-Werror) \
           $(if $(GCC),-Wcast-align=strict -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wnull-dereference -Walloca \
           -Wdate-time -Wimplicit-fallthrough=5 -Warith-conversion -Wunused-macros -Wstack-usage=65536,-Wthread-safety)
BASE    := -std=gnu17 -D_GNU_SOURCE -g -MMD -MP $(WARN)
HARDEN  := -O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE \
           -ftrivial-auto-var-init=pattern
HARDEN_LD := -static-pie -Wl,-z,relro,-z,now,-z,noexecstack

POLICY_SRC   := $(addprefix grader/sandbox/policy_,gen.c build.c calls.c) grader/sandbox/ring_calls.c
AUDIT_SRC    := $(addprefix grader/intake/elf_,audit.c code.c flow.c imports.c returns.c)
GRADE_SRC    := $(filter-out $(AUDIT_SRC) %_test.c %_gen.c %_build.c grader/tests/% grader/tools/%,$(wildcard grader/*.c grader/*/*.c)) build/gen/policy_bpf.c
BOX_SRC      := $(filter grader/base/% grader/sandbox/% build/gen/%,$(GRADE_SRC))
MACHINE_SRC  := $(filter-out %_test.c,$(wildcard vm/machine*.c grader/base/*.c))
EXAMINER_SRC := $(filter-out %_test.c %_fuzz.c,$(wildcard harness/examiner/*.c))
PLAYER_SRC   := $(wildcard harness/subject/*.c)
PLATFORM_SRC := $(filter-out %_test.c %_fuzz.c labs/common/srv_main.c,$(wildcard labs/common/*.c))
objects       = $(patsubst %.c,build/obj/$(2)/%.o,$(1))

GRADE_LIBS    = $$(pkg-config --static --libs jansson inih libseccomp libelf libdw sqlite3) -lm
AUDIT_LIBS    = $$(pkg-config --libs jansson inih libelf libdw capstone)
UNPACK_LIBS   = $$(pkg-config --libs jansson inih yaml-0.1) -l:libarchive.a -l:libnettle.so.8 -llzma -l:libzstd.so.1 -lbz2 -lz
EXAMINER_LIBS = $$(pkg-config --static --libs check jansson)
CHECK_LIBS    = $$(pkg-config --libs check jansson)

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := default
.PHONY: default all help deps grade batch serve served hint show replay verify test lint format clean bench handout
default: all help
all: build/grade build/audit build/unpack build/box build/learn build/machine build/guest/drive build/guest/reseed $(LABS:%=build/labs/%/tests.tsv) subjects

# Packages first, whatever is built: the stamp is older than the list when the list has changed.
build/.deps: vm/packages vm/deps.sh
	@vm/deps.sh
	@mkdir -p build && touch $@
deps:
	@vm/deps.sh optional $(if $(VM),host vagrant)
	@mkdir -p build && touch build/.deps

# The grader.
build/obj/own/grader/%.o: grader/%.c | build/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) $(HARDEN) -Igrader -c -o $@ $<
# The system-call filters are made now, by libseccomp; a box only loads them.
build/policy_gen: $(call objects,$(POLICY_SRC) $(wildcard grader/base/*.c),own)
	$(call say,LD,$@)
	$(Q)$(CC) $(HARDEN_LD) -o $@ $(filter-out %_test.o,$^) $(GRADE_LIBS)
build/gen/policy_bpf.c: build/policy_gen
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$< >$@
build/obj/own/build/gen/%.o: build/gen/%.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) $(HARDEN) -Igrader -c -o $@ $<
build/grade: $(call objects,$(GRADE_SRC),own)
	$(call say,LD,$@)
	$(Q)$(CC) $(HARDEN_LD) -Wl,--wrap=dlopen -o $@ $^ $(GRADE_LIBS)

# The reader of objects: dynamic, for the disassembler's sake.
build/audit: build/obj/own/grader/tools/audit.o $(call objects,$(AUDIT_SRC) $(filter-out %_test.c,$(wildcard grader/base/*.c)),own)
	$(call say,LD,$@)
	$(Q)$(CC) -pie $(filter-out -static-pie,$(HARDEN_LD)) -o $@ $^ $(AUDIT_LIBS)

# The reader of archives and of a class's metadata: likewise, for libarchive's sake. Only the formats that it reads are
# linked: with libarchive.so come libxml2 and ICU, which take longer to load than most hand-ins to read.
build/unpack: $(call objects,$(addprefix grader/tools/unpack,.c _yaml.c) $(filter-out %_test.c,$(wildcard grader/base/*.c)),own)
	$(call say,LD,$@)
	$(Q)$(CC) -pie $(filter-out -static-pie,$(HARDEN_LD)) -o $@ $^ $(UNPACK_LIBS)

# The sandbox by hand.
build/box build/learn: build/%: build/obj/own/grader/tools/%.o $(call objects,$(BOX_SRC),own)
	$(call say,LD,$@)
	$(Q)$(CC) $(HARDEN_LD) -o $@ $^ $(GRADE_LIBS)

# The examiner: one program a lab, static, so that its box needs no library.
OUTSIDE := -Iharness/examiner -Iharness -Ilabs
build/obj/own/harness/%.o: harness/%.c | build/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) -O2 -fPIE $(OUTSIDE) -c -o $@ $<
build/obj/own/labs/%.o: labs/%.c | build/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) -O2 -fPIE $(OUTSIDE) -c -o $@ $<

# The explorer's runtime, and programs of its own corpus that it explores by themselves: their objects call the runtime
# instead of libc (hooks.map), and their data are put back between executions.
RUNTIME_SRC  := $(filter-out %_test.c,$(wildcard harness/runtime/*.c))
EXPLORED_NAMES := --redefine-syms=harness/runtime/hooks.map $(foreach s,.data .data.rel .data.rel.local,--rename-section \
                  $(s)=explored_data) --rename-section .bss=explored_bss
build/obj/own/harness/runtime/%.o: harness/runtime/%.c | build/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) -O2 -fPIE -ftls-model=local-exec -fno-stack-protector -fno-omit-frame-pointer -Iharness -c -o $@ $<
build/subject/runtime.a: $(call objects,$(RUNTIME_SRC),own)
build/subject/drive.a: $(call objects,$(wildcard harness/runtime/tools/*.c),own)
build/subject/runtime.a build/subject/drive.a:
	$(call say,AR,$@)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^
build/explored/%.o: harness/runtime/programs/%.c harness/runtime/hooks.map harness/builds.conf | build/.deps
	@mkdir -p $(@D)
	$(Q)$(cc_exp) $(cflags_exp) -c -o $@ $<
	$(Q)objcopy $(EXPLORED_NAMES) --redefine-sym main=program_main $@
build/explored/speed/%.o: harness/runtime/programs/correct/bounded_queue.c harness/runtime/hooks.map harness/builds.conf | build/.deps
	@mkdir -p $(@D)
	$(Q)$(cc_exp) $(cflags_exp) -DTHREADS=$(word 1,$(subst -, ,$*)) -DOPERATIONS=$(word 2,$(subst -, ,$*)) -c -o $@ $<
	$(Q)objcopy $(EXPLORED_NAMES) --redefine-sym main=program_main $@
build/explored/%: build/explored/%.o build/subject/drive.a build/subject/runtime.a
	$(call say,LD,$@)
	$(Q)gcc -static-pie -o $@ $< -Wl,--start-group build/subject/drive.a build/subject/runtime.a -Wl,--end-group
explored: $(patsubst harness/runtime/programs/%.c,build/explored/%,$(wildcard harness/runtime/programs/*/*.c)) build/explored/ranges
build/explored/ranges.o: harness/runtime/programs/ranges.def
# A hooked player of lab 3's reference, made as the grader makes one, and who has it play.
build/explored/student.o: $(wildcard solutions/3-work-queue/reference/*.c) harness/runtime/hooks.map harness/builds.conf
	@mkdir -p $(@D)/reference
	$(Q)for f in $(filter %.c,$^); do $(cc_exp) $(cflags_exp) -Ilabs -c -o $(@D)/reference/$$(basename $$f .c).o $$f || exit 1; done
	$(Q)ld -r -o $@ $(@D)/reference/*.o
	$(Q)objcopy $(EXPLORED_NAMES) $@
build/explored/player: build/explored/student.o build/labs/3-work-queue/exp/binding.o build/subject/exp.a build/labs/common/exp.a
	$(call say,LD,$@)
	$(Q)$(cc_exp) $(call setting,exp,ldflags) $(addprefix -Wl$(comma)--wrap=,clock_gettime cl_now_us $(FAULTS)) -o $@ \
		$< build/labs/3-work-queue/exp/binding.o -Wl,--start-group build/subject/exp.a build/labs/common/exp.a -Wl,--end-group
build/test/play: build/obj/own/harness/runtime/tests/play.o
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^
# Schedules as text, against the given queues of lab 3.
build/test/directed: $(call objects,$(addprefix harness/examiner/,tests/directed.c directed.c directed_text.c code_lines.c steps.c),own) \
		$(patsubst %,build/labs/3-work-queue/exp/bug%.lines,1 2 3 4 5 6)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $(filter %.o,$^) -ljansson
explored: build/explored/player build/test/play build/test/directed
FAULTS  := malloc calloc realloc reallocarray aligned_alloc posix_memalign free pthread_mutex_init pthread_cond_init \
           pthread_rwlock_init pthread_mutexattr_init pthread_condattr_init
comma   := ,
.PHONY: explored

# Our side of the programs under test, once for each build.
define build_rules
cc_$(1)     := $$(call setting,$(1),cc)
cflags_$(1) := $$(call setting,$(1),cflags)
hooked_$(1) := $$(call setting,$(1),hooks)
ours_$(1)   := $$(if $$(hooked_$(1)),$$(call setting,nat,cflags),$$(cflags_$(1)))
build/obj/$(1)/%.o: %.c harness/builds.conf | build/.deps
	$$(call say,CC[$(1)],$$<)
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(1)) $$(ours_$(1)) -MMD -MP -Iharness -Iharness/subject -Ilabs -c -o $$@ $$<
build/subject/$(1).a: $(call objects,$(PLAYER_SRC),$(1)) $$(if $$(hooked_$(1)),$(call objects,$(RUNTIME_SRC),own))
build/labs/common/$(1).a: $(call objects,$(PLATFORM_SRC),$(1))
build/subject/$(1).a build/labs/common/$(1).a:
	$$(call say,AR,$$@)
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
subjects: build/subject/$(1).a build/labs/common/$(1).a
ifneq ($(call setting,$(1),plant),)
build/obj/$(1)/labs/common/plant.o: ours_$(1) += -fsanitize-recover=undefined
build/subject/control.$(1): build/subject/$(1).a build/labs/common/$(1).a
	$$(call say,LD[$(1)],$$@)
	$$(Q)$$(cc_$(1)) $$(call setting,$(1),ldflags) -Wl,--wrap=clock_gettime -Wl,--wrap=cl_now_us -o $$@ \
		-Wl,--start-group $$^ -Wl,--end-group
subjects: build/subject/control.$(1)
endif
endef
$(foreach b,$(BUILDS),$(eval $(call build_rules,$(b))))
.PHONY: subjects

define lab_rules
build/labs/$(1)/examiner: $(call objects,$(EXAMINER_SRC) $(wildcard labs/$(1)/tests/*.c) $(PLATFORM_SRC),own)
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -static-pie -o $$@ $$^ $$(EXAMINER_LIBS)
build/labs/$(1)/tests.tsv: build/labs/$(1)/examiner
	$$(Q)$$< --list >$$@
endef
$(foreach l,$(LABS),$(eval $(call lab_rules,$(l))))

# What a lab uses of the references of earlier labs: one object, and of its names only the contracts of those labs.
define uses_rules
build/labs/$(1)/$(2)/uses/%.o: harness/builds.conf | build/.deps
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(2)) $$(cflags_$(2)) -MMD -MP -Ilabs -c -o $$@ solutions/$$(dir $$*)reference/$$(notdir $$*).c
build/labs/$(1)/$(2)/uses.o: $(patsubst %.c,build/labs/$(1)/$(2)/uses/%.o,$(call conf,$(1),uses)) harness/runtime/hooks.map
	$$(Q)ld -r -o $$@ $$(filter %.o,$$^)
	$$(Q)objcopy $(foreach l,$(sort $(patsubst %/,%,$(dir $(call conf,$(1),uses)))),$(addprefix --keep-global-symbol=,$(call conf,$(l),exports))) $$@
	$$(if $$(hooked_$(2)),$$(Q)objcopy $$(EXPLORED_NAMES) $$@)
endef

define lab_build_rules
build/labs/$(1)/$(2)/srv_main.o: labs/common/srv_main.c harness/builds.conf | build/.deps
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(2)) $$(cflags_$(2)) -DCL_SERVER_RUN=$(call conf,$(1),server) -MMD -MP -Ilabs -c -o $$@ $$<
build/labs/$(1)/$(2)/bind/%.o: labs/$(1)/%.c harness/builds.conf | build/.deps
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(2)) $$(cflags_$(2)) -MMD -MP -Iharness -Iharness/subject -Ilabs -c -o $$@ $$<
build/labs/$(1)/$(2)/binding.o: $(patsubst labs/$(1)/%.c,build/labs/$(1)/$(2)/bind/%.o,$(wildcard labs/$(1)/binding*.c)) harness/runtime/hooks.map
	$$(Q)ld -r -o $$@ $$(filter %.o,$$^)
	$$(if $$(hooked_$(2)),$$(Q)objcopy $$(EXPLORED_NAMES) $$@)
subjects: $(if $(call conf,$(1),server),build/labs/$(1)/$(2)/srv_main.o) build/labs/$(1)/$(2)/binding.o \
	$(if $(call conf,$(1),uses),build/labs/$(1)/$(2)/uses.o)
endef
$(foreach l,$(LABS),$(foreach b,$(BUILDS),$(eval $(call uses_rules,$(l),$(b)))$(eval $(call lab_build_rules,$(l),$(b)))))

# Second opinions: our side of the stress of the labs that have one; not for a compiler that is missing.
define second_rules
cc_$(1)     := $$(call setting,$(1),cc)
cflags_$(1) := $$(call setting,$(1),cflags)
build/obj/$(1)/%.o: %.c harness/builds.conf | build/.deps
	$$(call say,CC[$(1)],$$<)
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(1)) $$(cflags_$(1)) -MMD -MP -Iharness -Ilabs -c -o $$@ $$<
build/labs/common/$(1).a: $(call objects,$(PLATFORM_SRC) $(wildcard harness/stress/*.c),$(1))
	$$(call say,AR,$$@)
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
subjects: build/labs/common/$(1).a
endef
define stress_rules
build/labs/$(1)/$(2)/stress.o: build/obj/$(2)/labs/$(1)/stress.o
	@mkdir -p $$(@D)
	$$(Q)cp $$< $$@
subjects: build/labs/$(1)/$(2)/stress.o $(if $(call conf,$(1),uses),build/labs/$(1)/$(2)/uses.o)
endef
STRESSED := $(patsubst labs/%/stress.c,%,$(wildcard labs/*/stress.c))
$(foreach b,$(SECOND),$(if $(shell command -v $(call setting,$(b),cc)),$(eval $(call second_rules,$(b))) \
	$(foreach l,$(STRESSED),$(eval $(call uses_rules,$(l),$(b)))$(eval $(call stress_rules,$(l),$(b))))))

# Programs that a lab gives (bug hunts): played like a submission, made by us; .lines says where their calls stand.
build/obj/given/%.o: %.c $(wildcard labs/*/buggy/*.h) harness/builds.conf harness/runtime/hooks.map | build/.deps
	$(call say,CC[exp],$<)
	@mkdir -p $(@D)
	$(Q)$(cc_exp) $(cflags_exp) -Ilabs -c -o $@ $<
define given_rules
build/labs/$(1)/exp/$(2).o: $(patsubst %,build/obj/given/labs/$(1)/buggy/%.o,$(2) rest)
	@mkdir -p $$(@D)
	$$(Q)ld -r -o $$@ $$^
	$$(Q)objcopy $$(EXPLORED_NAMES) $$@
build/labs/$(1)/exp/$(2): build/labs/$(1)/exp/$(2).o build/labs/$(1)/exp/binding.o build/subject/exp.a build/labs/common/exp.a
	$$(call say,LD[exp],$$@)
	$$(Q)$$(cc_exp) $$(call setting,exp,ldflags) $$(addprefix -Wl$$(comma)--wrap=,clock_gettime cl_now_us $$(FAULTS)) -o $$@ \
		$$(wordlist 1,2,$$^) -Wl,--start-group build/subject/exp.a build/labs/common/exp.a -Wl,--end-group
build/labs/$(1)/exp/$(2).lines: build/labs/$(1)/exp/$(2) build/grade
	$$(Q)objdump -d --no-show-raw-insn $$< >$$@.code
	$$(Q)build/grade tool-lines $$< $$$$(nm --defined-only build/labs/$(1)/exp/$(2).o | awk '$$$$2 ~ /[tT]/ { print $$$$3 }' | \
		awk 'NR == FNR { ours[$$$$1] = 1; next } /^[0-9a-f]+ </ { on = substr($$$$2, 2, length($$$$2) - 3) in ours; called = 0 } \
		on && called { sub(":", "", $$$$1); print "0x" $$$$1 } { called = $$$$2 == "call" || $$$$2 == "callq" }' - \
		$$@.code) >$$@
subjects: build/labs/$(1)/exp/$(2).lines
endef
given_of = $(sort $(shell sed -n '/^\[given\]/,/^\[/s/^L.*= *//p' labs/$(1)/lab.conf))
$(foreach l,$(LABS),$(foreach g,$(call given_of,$(l)),$(eval $(call given_rules,$(l),$(g)))))

# A schedule under gdb (make replay TOKEN=... GDB=1).
build/subject/under_gdb: build/obj/own/harness/runtime/gdb/under_gdb.o
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pie -o $@ $^
subjects: build/subject/under_gdb

# The commands of students and instructors: each is one call of build/grade.
grade: all
	@build/grade run $(if $(LAB),--lab=$(LAB)) $(if $(SUBMISSION),--submission='$(SUBMISSION)') $(if $(SEED),--seed=$(SEED)) \
		$(if $(JSON),--json='$(JSON)') $(if $(HTML),--format=html --out='$(HTML)') $(if $(FORMAT),--format='$(FORMAT)' $(if $(OUT),--out='$(OUT)')) $(if $(NO_CACHE),--no-cache) $(if $(DETECTORS),--detectors='$(DETECTORS)') $(if $(STUDENT_CC),--compiler='$(STUDENT_CC)')
batch: all
	@build/grade batch --lab='$(LAB)' $(if $(JOBS),--slots='$(JOBS)') '$(SUBMISSIONS)' '$(OUT)'
hint: all
	@build/grade hint --lab='$(LAB)' --test='$(TEST)'
show: all
	@build/grade show --token='$(TOKEN)'
replay: all
	@build/grade replay --token='$(TOKEN)' $(if $(GDB),--gdb)
verify: all explored $(if $(HOSTILE),build/test/archives) $(if $(VM),build/machine)
	@$(if $(VM),vm/tests/all.sh,$(if $(BATCH),LAB=$(LAB) grader/tests/batch.sh $(BATCH) $(KILLS),$(if $(HOSTILE),grader/tests/hostile_all.sh,build/grade verify $(if $(LAB),--lab=$(LAB)))))
	$(if $(LAB)$(HOSTILE)$(BATCH)$(VM),,@harness/runtime/programs.sh --full)
	$(if $(BATCH),,$(if $(filter 2-thread-server,$(name_of)),@grader/tests/wrk.sh))
	$(if $(HOSTILE)$(BATCH)$(VM)$(filter-out 3 3-work-queue,$(LAB)),,@grader/tests/compilers.sh 3 reference V3-1 M3-03 M3-06 M3-10 M3-13 M3-16)

# The student's server by hand, without a sandbox: it is their own machine and their own code.
SERVED   = $(if $(SUBMISSION),$(patsubst solutions,solutions/$(name_of)/reference,$(SUBMISSION)),labs/$(name_of))
serve: served
	@exec build/serve/$(name_of) --port $(or $(PORT),8080)
served: all
	@test -n '$(LAB)' || { echo 'make serve needs a lab: make serve LAB=1' >&2; exit 2; }
	@mkdir -p build/serve
	$(Q)$(cc_nat) $(cflags_nat) -Wall -Wextra -Ilabs -iquote $(SERVED) -o build/serve/$(name_of) \
		$(addprefix $(SERVED)/,$(call conf,$(name_of),files)) build/labs/$(name_of)/nat/srv_main.o \
		$(if $(call conf,$(name_of),uses),build/labs/$(name_of)/nat/uses.o) build/labs/common/nat.a

# The project's own tests: every X_test.c of a top folder becomes part of one Check program.
TESTED  := labs harness grader vm
tests_in = $(wildcard $(1)/*_test.c $(1)/*/*_test.c)
linked_labs    := $(PLATFORM_SRC)
linked_harness := $(filter-out %/main.c,$(EXAMINER_SRC)) $(PLATFORM_SRC) $(addprefix harness/runtime/,race.c trie.c choose.c tests/alone.c)
linked_grader  := $(filter-out %/main.c,$(GRADE_SRC)) grader/sandbox/policy_build.c $(AUDIT_SRC)
linked_vm := $(filter-out vm/machine.c,$(MACHINE_SRC))
define test_rules
build/test/$(1)_main.c: $(call tests_in,$(1)) Makefile
	@mkdir -p $$(@D)
	@{ echo '#include <check.h>'; echo '#include <stdlib.h>'; \
	   for t in $$(basename $$(notdir $(call tests_in,$(1)))); do echo "TCase *$$$$t(void);"; done; \
	   echo 'int main(void) { Suite *s = suite_create("$(1)");'; \
	   for t in $$(basename $$(notdir $(call tests_in,$(1)))); do echo "suite_add_tcase(s, $$$$t());"; done; \
	   echo 'SRunner *r = srunner_create(s); srunner_run_all(r, CK_NORMAL); int failed = srunner_ntests_failed(r);'; \
	   echo 'srunner_free(r); return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE; }'; } >$$@
build/test/$(1): build/test/$(1)_main.c $(call objects,$(call tests_in,$(1)) $(linked_$(1)),own)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) -pie -o $$@ $$^ $$(CHECK_LIBS) $$(GRADE_LIBS) $$(AUDIT_LIBS)
endef
$(foreach t,$(TESTED),$(eval $(call test_rules,$(t))))

# What the tests of the sandbox and of the tracer run.
build/test/%_probe: grader/tests/%_probe.c | build/.deps
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) -O1 -static-pie -fPIE -o $@ $< $(libs_$*)
libs_ring := -luring -pthread

# Archives for the tests of hand-ins.
build/test/archives: grader/tests/archives.c | build/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) -O1 -o $@ $< $$(pkg-config --libs libarchive)

# What a box costs, against posix_spawn and other sandboxes.
build/test/box_bench: $(call objects,grader/tests/box_bench.c $(BOX_SRC),own)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HARDEN_LD) -o $@ $^ $(GRADE_LIBS)
# The forms of a grade, for parsers of others.
build/test/forms: $(call objects,grader/tests/forms.c $(filter grader/base/% grader/judge/% grader/report/%,$(GRADE_SRC)),own)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HARDEN_LD) -o $@ $^ $(GRADE_LIBS)
# What the explorer finds beside other detectors, and its speed: the tables of harness/README.md.
bench: all $(if $(DETECTORS)$(SPEED),explored,$(if $(LAB),,build/test/box_bench))
	@$(if $(LAB),for b in solutions/$(name_of)/bench/*.sh; do $$b || exit 1; done,$(if $(DETECTORS),harness/runtime/detectors.sh,$(if $(SPEED),harness/runtime/speed.sh,build/test/box_bench $(ROUNDS))))

# Fuzzers: libFuzzer with sanitizers; what they link is compiled once more, with the same.
FUZZ       := clang -std=gnu17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZERS    := http steps message report judge elf reader lanes second csv layout evidence
FUZZ_OWN   := $(filter-out grader/main.c,$(GRADE_SRC)) $(AUDIT_SRC)
build/obj/fuzz/%.o: %.c | build/.deps
	$(call say,CLANG,$<)
	@mkdir -p $(@D)
	$(Q)$(subst =fuzzer,=fuzzer-no-link,$(FUZZ)) -MMD -MP -Igrader -Ilabs $(FUZZ_$(notdir $*)) -c -o $@ $<
build/test/elf_seed.o: grader/tests/elf_seed.c
	@mkdir -p $(@D)
	$(Q)gcc -g -O1 -fPIE -c -o $@ $<
build/test/elf_seed: build/test/elf_seed.o
	$(Q)gcc -pie -o $@ $<
FUZZ_elf_fuzz := -DELF_OBJECT='"build/test/elf_seed.o"' -DELF_PROGRAM='"build/test/elf_seed"'
build/obj/fuzz/grader/tests/elf_fuzz.o: build/test/elf_seed.o build/test/elf_seed
build/test/http_fuzz: $(call objects,labs/common/http_fuzz.c labs/common/http.c labs/common/http_text.c,fuzz)
build/test/steps_fuzz: $(call objects,$(addprefix harness/examiner/steps,_fuzz.c .c),fuzz)
build/test/%_fuzz: build/obj/fuzz/grader/tests/%_fuzz.o $(call objects,$(FUZZ_OWN),fuzz)
	$(call say,CLANG,$@)
	@mkdir -p $(@D)
	$(Q)$(FUZZ) -o $@ $^ $(GRADE_LIBS) $(AUDIT_LIBS)
build/test/csv_fuzz: $(call objects,grader/tests/csv_fuzz.c $(addprefix grader/base/,csv.c csv_put.c text.c die.c),fuzz)
build/test/http_fuzz build/test/steps_fuzz build/test/csv_fuzz:
	$(call say,CLANG,$@)
	@mkdir -p $(@D)
	$(Q)$(FUZZ) -o $@ $^

test: all explored $(TESTED:%=build/test/%) $(FUZZERS:%=build/test/%_fuzz) build/test/box_probe build/test/ring_probe build/test/trace_probe build/test/archives build/test/forms
	@grader/tests/all.sh
lint: all
	@grader/tests/lint.sh
format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i
clean:
	rm -rf build

help:
	@sed -n 's/^# help: //p' Makefile
# help: make grade [LAB=1] [SUBMISSION=dir] [SEED=n] [JSON=file]   grades; SUBMISSION=solutions takes the references
# help: make grade LAB=3 HTML=report.html                          and writes the report as a page: sources, schedules
# help: make grade LAB=1 FORMAT=junit [OUT=file]                  one more form: gradescope, autolab, classroom, junit, tap
# help: make grade DETECTORS=helgrind,drd                          asks them, too, beside TSan; none: nobody; they give no points
# help: make grade LAB=3 STUDENT_CC=clang                          the same with your files compiled by clang
# help: make batch SUBMISSIONS=dir-or-zip LAB=3 OUT=dir [JOBS=n]   a whole class; the same again goes on after any interruption
# help: make serve LAB=1 [PORT=8080] [SUBMISSION=dir]              your server by hand, for curl, wrk and a browser
# help: make hint LAB=1 TEST=L1.A.3                                the next hint of a test
# help: make show TOKEN=L3.B.2-7f1c9e                              draws the schedule of a finding: lanes, picture, trace
# help: make replay TOKEN=L3.B.2-7f1c9e                            plays it again, in the sandbox, and prints it as steps
# help: make replay TOKEN=L3.B.2-7f1c9e GDB=1                      the same under gdb, step by step, without a sandbox
# help: make verify [LAB=1]                                        proof that the grader is right: mutants, variants
# help: make verify HOSTILE=1                                      proof that it withstands: every attack, grader/HOSTILE.md
# help: make verify BATCH=60 [LAB=3] [KILLS=5]                     proof that batches are right: made-up classes, kill -9
# help: make bench LAB=2                                           the references of a lab against their peers
# help: make bench [ROUNDS=n]                                      what a box costs, against peers, interleaved
# help: make bench DETECTORS=1 [RUNS=20] [SEEDS=100]               the explorer beside TSan, helgrind and drd: who finds what
# help: make bench SPEED=1                                         schedules per CPU-second, by threads and operations
# help: make vm-grade LAB=3 SUBMISSION=dir [JSON=file]              grades in a throw-away machine, which has no network and no disk of yours
# help: make verify VM=1                                           proof that the machines are right: two builds, Vagrant, the same grades
# help: make vm [STRICT=1] [LOCK=1] [VM_MIRROR=host]               builds the virtual machine; then vagrant up
# help: make test, lint, format, clean, deps                       the project's own tests, checks, layout, packages

include vm/vm.mk

%.d: ; # the compiler's; nothing makes them
-include $(shell find build -name '*.d' 2>/dev/null)
