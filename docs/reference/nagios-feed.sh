#!/bin/sh
# Nagios' ocsp_command: hands one result to `hinoban nagios feed`, which reads the pipe. Nagios never waits for it: without a reader
# the line is gone, and Hinoban finds by the item's freshness that nothing comes.
# nagios-feed.sh PIPE HOST SERVICE STATEID OUTPUT [PERFDATA]
set -eu

if [ $# -lt 5 ]; then
  echo "usage: $0 PIPE HOST SERVICE STATEID OUTPUT [PERFDATA]" >&2
  exit 64
fi
if [ ! -p "$1" ]; then
  echo "$0: $1 is no named pipe; make it by: mkfifo -m 620 $1" >&2
  exit 78
fi

# A tab or a line end in a value would begin another one. One printf is one write, which a pipe takes whole up to 4096 bytes.
line=$(printf '%s\037%s\037%s\037%s|%s' "$2" "$3" "$4" "$5" "${6-}" | tr '\t\n\r\027' '    ' | tr '\037' '\t' | cut -c 1-4000)
printf '%s\n' "$line" 1<>"$1"
