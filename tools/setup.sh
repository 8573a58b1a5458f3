#!/usr/bin/env bash
# Installs the Debian packages that a target needs and that are missing: tools/setup.sh [build|demo|check]. Without root it
# prints the command that does, and stops.
set -u

list=$(dirname -- "$0")/packages.txt
target=${1:-check}

# The packages of the target's section and of those before it.
packages() {
	local line section=
	while read -r line; do
		line=${line%%#*}
		line=${line//[[:space:]]/}
		case $line in
		\[*\])
			[[ $section != "$target" ]] || return 0
			section=${line//[\[\]]/} ;;
		?*) printf '%s\n' "$line" ;;
		esac
	done <"$list"
	[[ $section == "$target" ]]
}

wanted=$(packages) || {
	echo "setup.sh: '$target' is no section of $list" >&2
	exit 2
}
# shellcheck disable=SC2086 # one word a package
present=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^ii *//p')
missing=$(comm -23 <(sort -u <<<"$wanted") <(sort -u <<<"$present") | tr '\n' ' ')
missing=${missing% }
[[ $missing ]] || exit 0

command="apt-get install --yes --no-install-recommends $missing"
if [[ $(id -u) != 0 ]]; then
	echo "Debian packages are missing. As root: apt-get update && $command" >&2
	exit 1
fi

echo "setup.sh: installing $missing" >&2
export DEBIAN_FRONTEND=noninteractive
# The tests start servers of their own: the packages' services stay off. An administrator's policy is left alone.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
	trap 'rm -f "$policy"' EXIT
fi
# A list of packages that is old names files that are gone.
apt-get -q update </dev/null >&2 || echo "setup.sh: apt-get update failed; trying with the lists that are there" >&2
# shellcheck disable=SC2086 # one word a package
apt-get -q install --yes --no-install-recommends $missing </dev/null >&2
