# shellcheck shell=bash
# Sourced by what makes the image: one time, one language, one time zone, so that nothing of the day or the place of the
# build gets into it. The date is a constant, 2025-01-01: a commit changes what it changes, and no time stamps beside it.
export SOURCE_DATE_EPOCH=1735689600 E2FSPROGS_FAKE_TIME=1735689600 LC_ALL=C.UTF-8 TZ=UTC
umask 022
