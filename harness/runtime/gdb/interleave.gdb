# Commands for a player under gdb (make replay TOKEN=... GDB=1). Threads are fibers there: gdb sees one.
set debuginfod enabled off
set libthread-db-search-path /nonexistent
set breakpoint pending on
set pagination off
set confirm off
set print thread-events off

# The line of an offset in the image, a return address: the call is just before.
define il-line
  if $arg0 != 0
    info line *((char *)&__ehdr_start + $arg0 - 1)
  else
    printf "not begun\n"
  end
end

define il-threads
  set $il_i = 1
  while $il_i < rt->threads
    set $il_t = &rt->thread[$il_i]
    if $il_t == self
      printf "* "
    else
      printf "  "
    end
    if $il_t->state == EXPLORE_READY && $il_t == self
      printf "T%d runs        ", $il_i
    end
    if $il_t->state == EXPLORE_READY && $il_t != self
      printf "T%d can run     ", $il_i
    end
    if $il_t->state == EXPLORE_ASLEEP
      printf "T%d sleeps      ", $il_i
    end
    if $il_t->state == EXPLORE_OVER
      printf "T%d has ended   ", $il_i
    end
    if $il_t->state == EXPLORE_IDLE
      printf "T%d has returned", $il_i
    end
    if $il_t->state == EXPLORE_READY || $il_t->state == EXPLORE_ASLEEP
      printf " "
      output (enum explore_step)$il_t->step
      printf "  "
      il-line $il_t->pc
    else
      printf "\n"
    end
    set $il_i = $il_i + 1
  end
end
document il-threads
The threads of the schedule: who runs, who sleeps, and the line of each one's last or pending step.
end

# Shows another fiber's stack by its saved registers, and puts back those of the one that runs.
define il-bt
  set $il_t = &rt->thread[$arg0]
  if $il_t == self
    backtrace
  else
    set $il_rsp = $rsp
    set $il_rbp = $rbp
    set $il_rip = $rip
    set $il_sp = (unsigned long *)$il_t->sp
    set $rsp = (unsigned long)($il_sp + 7)
    set $rbp = $il_sp[5]
    set $rip = $il_sp[6]
    backtrace
    set $rsp = $il_rsp
    set $rbp = $il_rbp
    set $rip = $il_rip
  end
end
document il-bt
il-bt N: the stack of thread TN.
end

# Every step of the schedule passes here.
define il-step
  tbreak chosen
  continue
  printf "step %u: T%d does ", rt->stamp, self->id
  output (enum explore_step)self->step
  printf "  "
  il-line self->pc
end
document il-step
Goes on to the next step of the schedule: the moment at which a thread was chosen to do what it stood before.
end

define il-help
  printf "\nThe program is stopped before the schedule. Its threads are fibers: gdb's 'info threads' shows one.\n"
  printf "  il-step         to the next step of the schedule\n"
  printf "  il-threads      all threads: who runs, who sleeps, and where\n"
  printf "  il-bt 2         the stack of T2\n"
  printf "  break bq_push   break bqueue.c:66    as ever; then 'continue', 'next', 'print *q'\n"
  printf "  break execution_end                  where it ends: what was found is rt->answer->finding\n"
  printf "  quit            'run' again is no use: the schedule is played once; make replay again\n\n"
end
document il-help
What one can do here.
end

break scheduler_run
run
il-help
