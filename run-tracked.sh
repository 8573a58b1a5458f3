#!/usr/bin/env bash
# Runs a program under racetrack and writes the reports that were asked for: the form for CI. See --help.
set -u

me=run-tracked.sh
home=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
library=$home/libracetrack.so
reporter=$home/racetrack-report
exit_usage=2
# The text before this limit is all that the library reads of RACETRACK_OPTIONS.
most_options=1023
least_memory_kib=$((1 << 19))

folder=racetrack-reports
formats=html,json,text
suppressions=
options=()
allow_untracked=
scratch=
keep_scratch=

print_help() {
	cat <<-END
	usage: ./run-tracked.sh [flags] -- command arguments...

	Runs the command under the race detector, with all processes that it starts, and reports what was found. What the
	program reads and prints is left alone; the detector's own words go to stderr.

	  --report DIR         write the reports there (default ./racetrack-reports); older reports in it are removed
	  --format LIST        html, json, text, separated by commas (default: all): report.html, report.json, report.txt
	  --option NAME=VALUE  an option for the detector, again and again; RACETRACK_OPTIONS is heeded too
	  --suppressions FILE  leave out what this file covers
	  --allow-untracked    run a program that can't be tracked all the same: without the detector, without reports
	  --help               print this and the options

	Exit status:
	  0          the program ended with 0, and nothing was found (notes do not count)
	  66         the program ended with 0, but there are findings; option exitcode=N: N in its place
	  2          bad usage, a program that can't be tracked, or no report; before anything runs unless a line says otherwise
	  126, 127   the command can't be executed, or is not there
	  128+N      the program was ended by signal N
	  any other  the program's own

	Options (record_dir, report, html and log_path are run-tracked.sh's own business):
	END
	if [[ -x $reporter ]]; then
		"$reporter" --list-options
	fi
}

say() {
	printf '%s: %s\n' "$me" "$*" >&2
}

die() {
	say "$1"
	exit "${2:-$exit_usage}"
}

# shellcheck disable=SC2317 # called by the trap
clean_up() {
	if [[ $scratch && ! $keep_scratch ]]; then
		rm -rf -- "$scratch"
	fi
}

# ---- the command line ----

needs_value() { # FLAG WORDS... of the command line from it on
	[[ $# -gt 2 && $3 != -- ]] || die "$1 needs a value; see --help"
}

add_option() {
	case $1 in
	record_dir=* | report=* | html=* | log_path=*)
		die "option ${1%%=*} is not for use here: --report and --format say where reports go" ;;
	esac
	options+=("$1")
}

parse_arguments() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--report | --format | --option | --suppressions) needs_value "$1" "$@" ;;
		esac
		case $1 in
		--report) folder=$2; shift ;;
		--report=*) folder=${1#*=} ;;
		--format) formats=$2; shift ;;
		--format=*) formats=${1#*=} ;;
		--option) add_option "$2"; shift ;;
		--option=*) add_option "${1#*=}" ;;
		--suppressions) suppressions=$2; shift ;;
		--suppressions=*) suppressions=${1#*=} ;;
		--allow-untracked) allow_untracked=1 ;;
		-h | --help) print_help; exit 0 ;;
		--) shift; break ;;
		-*) die "'$1' is not known here; see --help" ;;
		*) break ;;
		esac
		shift
	done
	command=("$@")
	[[ $# -gt 0 ]] || die "no command given: ./run-tracked.sh [flags] -- command arguments...; see --help"
	[[ $folder ]] || die "--report needs a folder's name; see --help"
}

# ---- checks before anything runs ----

check_build() {
	local file
	for file in "$library" "$reporter"; do
		[[ -e $file ]] || die "$file is not there: build it with make"
	done
}

check_formats() {
	local format rest=$formats,
	while [[ $rest ]]; do
		format=${rest%%,*}
		rest=${rest#*,}
		case $format in
		html | json | text) ;;
		*) die "'$format' is not a format; accepted: html, json, text" ;;
		esac
	done
}

# One word of an options string: quoted where it has to be.
quote_value() {
	case $1 in
	*\'*\"* | *\"*\'*) die "a value can't hold both kinds of quotes: $1" ;;
	*\'*) printf '"%s"' "$1" ;;
	*) printf "'%s'" "$1" ;;
	esac
}

# The user's options as one string: the environment's first, so that the command line's count.
join_options() {
	local option value
	options_text=${RACETRACK_OPTIONS:-}
	for option in "${options[@]}"; do
		[[ $option == *=* ]] || die "'$option' is no option: --option takes NAME=VALUE"
		value=${option#*=}
		[[ $value != *[:[:space:]]* || $value == [\'\"]* ]] || value=$(quote_value "$value") || exit
		options_text+=${options_text:+:}${option%%=*}=$value
	done
}

# Prints the last value of option $1, if it is in the options string at all.
find_option() {
	local rest=$options_text value found=1
	local word="^[:[:space:]]*([^=:[:space:]]+)=('[^']*'|\"[^\"]*\"|[^:[:space:]]*)(.*)\$"
	while [[ $rest =~ $word ]]; do
		rest=${BASH_REMATCH[3]}
		if [[ ${BASH_REMATCH[1]} == "$1" ]]; then
			value=${BASH_REMATCH[2]}
			found=0
		fi
	done
	[[ $found == 0 ]] || return 1
	[[ $value != [\'\"]* ]] || value=${value:1:-1}
	printf '%s' "$value"
}

check_options() {
	local complaint
	complaint=$("$reporter" --check-options "$options_text" 2>&1) || die "${complaint#racetrack: }"
	[[ $suppressions ]] || return 0
	[[ -f $suppressions && -r $suppressions ]] || die "cannot read --suppressions $suppressions"
	complaint=$("$reporter" --check-options "suppressions=$(quote_value "$suppressions")" 2>&1) || die "${complaint#racetrack: }"
}

# What the library reads: the user's options, then this script's own, which count. The program's own processes may end
# with option exitcode's status, as anywhere else.
make_options() {
	RACETRACK_TEXT=$options_text${options_text:+:}record_dir=$(quote_value "$records"):report=0
	[[ ${#RACETRACK_TEXT} -le $most_options ]] ||
		die "the options are too long: $((${#RACETRACK_TEXT} - most_options)) characters over $most_options"
}

make_folder() {
	local complaint
	complaint=$(mkdir -p -- "$folder" 2>&1) || die "cannot make the report's folder (flag --report): ${complaint#mkdir: }"
	[[ -w $folder && -x $folder ]] || die "cannot write in the report's folder $folder (flag --report)"
	folder=$(cd -- "$folder" && pwd) || die "cannot enter the report's folder"
	# what an earlier run left must not be taken for this run's
	complaint=$(rm -f -- "$folder"/report.html "$folder"/report.json "$folder"/report.txt 2>&1) ||
		die "cannot remove the older reports in $folder: $complaint"
}

make_scratch() {
	local place=${TMPDIR:-/tmp}
	# Memory, where there is plenty: every process that the program starts writes a file there.
	if [[ ! ${TMPDIR:-} && -w /dev/shm && $(df --output=avail /dev/shm 2>/dev/null | tail -n 1) -gt $least_memory_kib ]]; then
		place=/dev/shm
	fi
	scratch=$(mktemp -d -- "$place/run-tracked.XXXXXXXX" 2>/dev/null) || die "cannot make a temporary folder in $place"
	records=$scratch/records
	mkdir -- "$records" || die "cannot make a folder in $scratch"
}

# LD_PRELOAD separates its words by spaces and colons; a library whose path has some needs a name without.
name_library() {
	preload=$library
	[[ $preload == *[:[:space:]]* ]] || return 0
	preload=$scratch/libracetrack.so
	[[ $preload != *[:[:space:]]* ]] || die "neither $library nor $scratch can be preloaded: spaces or colons in both"
	ln -s -- "$library" "$preload" || die "cannot make a link in $scratch"
}

check_command() {
	local verdict status
	verdict=$("$reporter" --check-program "${command[0]}")
	status=$?
	case $status in
	0) tracked=1 ;;
	3)
		tracked=
		case $verdict in
		*": not executable" | *": a folder" | *": not a regular file") die "cannot run $verdict" 126 ;;
		esac
		[[ $allow_untracked ]] || die "cannot track $verdict (--allow-untracked runs it without the detector)"
		say "runs untracked, no report will be written: $verdict" ;;
	*) die "cannot run $verdict" 127 ;;
	esac
}

# ---- the run ----

program=0
signalled=

# At a terminal, Ctrl-C and Ctrl-\ reach the program without help: it is in the same process group.
at_terminal() {
	local stat fields
	read -r stat </proc/$$/stat || return 1
	read -r -a fields <<<"${stat##*) }"
	[[ ${fields[2]} == "${fields[5]}" ]]
}

forward() {
	signalled=$1
	[[ $program != 0 ]] || return 0
	case $1 in
	INT | QUIT) at_terminal || kill -s "$1" "$program" 2>/dev/null ;;
	*) kill -s "$1" "$program" 2>/dev/null ;;
	esac
}

# Not in the foreground, where the shell would see a signal only after the program's end. Standard input is named because
# the shell takes it from programs that it starts in the background.
start_program() {
	local signal
	for signal in HUP INT QUIT TERM USR1 USR2; do
		# shellcheck disable=SC2064 # the name now
		trap "forward $signal" "$signal"
	done
	if { true <&0; } 2>/dev/null; then
		run_program <&0 &
	else
		run_program <&- &
	fi
	program=$!
	# one that came before there was anybody to send it to
	[[ ! $signalled ]] || forward "$signalled"
}

run_program() {
	trap - HUP INT QUIT TERM USR1 USR2 EXIT
	if [[ $tracked ]]; then
		export LD_PRELOAD=$preload${LD_PRELOAD:+:$LD_PRELOAD}
		export RACETRACK_OPTIONS=$RACETRACK_TEXT
	fi
	# where standard error is closed, the shell reads this script by its number
	[[ ! /proc/self/fd/2 -ef ${BASH_SOURCE[0]} ]] || exec 2>&-
	# this shell would run a text without '#!' itself, untracked
	local file head=
	file=$(type -P -- "${command[0]}")
	if [[ -r $file ]]; then
		LC_ALL=C IFS= read -r -d '' -N 4 head <"$file"
		[[ $head == '#!'* || $head == $'\x7fELF' ]] || command=(/bin/sh "$file" "${command[@]:1}")
	fi
	exec -- "${command[@]}"
}

# The status of the program; a wait that a signal cut short says nothing of it.
wait_for_program() {
	local last=127
	while :; do
		signalled=
		wait "$program" 2>/dev/null
		status=$?
		[[ $status != 127 || $last == 127 ]] || status=$last
		[[ $signalled ]] || break
		kill -s 0 "$program" 2>/dev/null || [[ $last == 127 ]] || break
		last=$status
	done
	if [[ $status -gt 128 && $status -le 192 ]]; then
		say "the program ended with status $status, as after signal $((status - 128)) (SIG$(kill -l $((status - 128))))"
	fi
}

# ---- the reports ----

# Processes that the program left behind: what they find from now on is in no report. They are known by their record
# files, or by their environment where they had no time yet to make one.
find_left() {
	local file pid
	local -A pids=()
	for file in "$records"/*.rtrec; do
		pid=${file##*/}
		pids[${pid%%-*}]=1
	done
	while IFS=/ read -r _ _ pid _; do
		pids[$pid]=1
	done < <(grep -lsF -- "record_dir='$records'" /proc/[0-9]*/environ)
	left=()
	for pid in "${!pids[@]}"; do
		! kill -s 0 "$pid" 2>/dev/null || left+=("$pid")
	done
}

report_failed() {
	keep_scratch=1
	say "no complete report: $1; the records are kept in $records"
	[[ $status != 0 ]] || status=$exit_usage
}

# shellcheck disable=SC2317 # called by the trap
stop_reporting() {
	report_failed "stopped"
	exit "$status"
}

write_reports() {
	local value arguments=() text found
	[[ $tracked ]] || return 0
	value=${suppressions:-$(find_option suppressions)}
	[[ ! $value ]] || arguments+=(--suppressions "$value")
	value=$(find_option strip_path_prefix)
	[[ ! $value ]] || arguments+=(--strip-path-prefix "$value")
	case $(find_option print_suppressions) in
	0 | no | false | off) arguments+=(--quiet-suppressions) ;;
	esac
	case $(find_option exit_inferred) in
	0 | no | false | off) arguments+=(--exit-certain) ;;
	esac

	arguments+=(--ended "$program=$status")
	find_left
	"$reporter" "${arguments[@]}" --output "$folder" --format "$formats" -- "$records"
	found=$?
	case $found in
	0 | 66) ;;
	*)
		report_failed "racetrack-report ended with status $found"
		return ;;
	esac
	if [[ -e $folder/report.txt ]]; then
		text=$(<"$folder/report.txt")
	else
		text=$("$reporter" "${arguments[@]}" --format text -- "$records")
	fi
	[[ ! $text ]] || printf '%s\n' "$text" >&2
	if [[ ${#left[@]} -gt 0 ]]; then
		keep_scratch=1
		say "still running: ${left[*]}; for what they find from now on: racetrack-report $records"
	fi
	say "reports are in $folder: $(cd -- "$folder" && echo report.*)"
	if [[ $status == 0 && $found == 66 ]]; then
		status=$(find_option exitcode) || status=66
		status=$((status & 255))
	fi
}

main() {
	parse_arguments "$@"
	check_build
	check_formats
	join_options
	check_options
	check_command
	trap clean_up EXIT
	if [[ $tracked ]]; then
		make_scratch
		name_library
		make_options
		make_folder
	fi
	start_program
	wait_for_program
	trap '' HUP TERM USR1 USR2
	trap stop_reporting INT QUIT
	write_reports
	exit "$status"
}

main "$@"
