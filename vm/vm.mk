# The virtual machines: vm/README.md. VM_DISK: GiB of the box's file system; VM_MIRROR, STRICT, LOCK: vm/root.sh, vm/lock.sh.
VM_DISK ?= 6
VM_DIR  := build/vm
export VM_MIRROR STRICT LOCK
.PHONY: vm vm-grade

$(VM_DIR)/.deps: vm/packages vm/deps.sh
	@vm/deps.sh host
	@mkdir -p $(VM_DIR) && touch $@
$(VM_DIR)/root.tar: vm/root.sh vm/hook.sh vm/provision.sh vm/sysctl.conf vm/epoch.sh vm/insecure.pub vm/packages | $(VM_DIR)/.deps
	$(call say,ROOT,$@ (2 minutes))
	$(Q)vm/root.sh $@ $(VM_DIR)/packages.now
$(VM_DIR)/disk.raw: $(VM_DIR)/root.tar vm/disk.sh
	$(call say,DISK,$@)
	$(Q)vm/disk.sh $< $@ $(VM_DISK)
$(VM_DIR)/interleave.box: $(VM_DIR)/disk.raw vm/box.sh vm/box/Vagrantfile
	$(call say,BOX,$@)
	$(Q)vm/box.sh $< $@
vm: $(VM_DIR)/interleave.box $(VM_DIR)/SHA256SUMS build/machine
	@vm/lock.sh $(VM_DIR)/packages.now
	@vm/add-box.sh $<
vm-grade: all build/machine
	@build/grade run --vm --lab='$(LAB)' $(if $(SUBMISSION),--submission='$(SUBMISSION)') $(if $(SEED),--seed=$(SEED)) $(if $(JSON),--json='$(JSON)')

# The image of the throw-away machine, of the deterministic one, and its sums. small.sh knows what is new: the commit counts.
$(VM_DIR)/SHA256SUMS: $(VM_DIR)/root.tar FORCE
	@vm/small.sh $< $(VM_DIR)
$(addprefix $(VM_DIR)/,root.sqfs project.sqfs vmlinux initramfs.cpio.gz deterministic.cpio.gz): $(VM_DIR)/SHA256SUMS ;
.PHONY: FORCE

# Throw-away machines: QEMU's command line, confinement, limits.
build/obj/own/vm/%.o: vm/%.c | build/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) $(HARDEN) -Igrader -Ivm -c -o $@ $<
build/machine: $(call objects,$(MACHINE_SRC),own)
	$(call say,LD,$@)
	$(Q)$(CC) $(HARDEN_LD) -o $@ $^ $$(pkg-config --static --libs jansson inih)
# Programs of our own guests: static, since nothing else is there.
build/guest/drive: vm/deterministic_drive.c | build/.deps
build/guest/reseed: vm/small_reseed.c | build/.deps
build/guest/%:
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) -O2 -static-pie -fPIE -Ilabs -o $@ $<
