#!/usr/bin/env bash
# Shows the tool at work: one broken example under the detector, and where its report lies. `make demo` builds it first.
set -u

home=$(cd -- "$(dirname -- "$0")/.." && pwd)
example=examples/s1-append
report=demo-report
cd -- "$home" || exit 1

echo "Two threads append to one slice ($example/broken.c). Under the detector:"
echo
echo "  ./run-tracked.sh --report $report -- $example/broken"
echo
./run-tracked.sh --report "$report" -- "$example/broken"
status=$?
echo
case $status in
66)
	echo "Exit status 66: the program ended well, but there are findings. The page with both stacks and the source:"
	echo
	echo "  file://${home// /%20}/$report/report.html"
	echo
	echo "The repaired program is silent: ./run-tracked.sh -- $example/repaired" ;;
*)
	echo "demo.sh: expected exit status 66 for the findings, but it was $status" >&2
	exit 1 ;;
esac
