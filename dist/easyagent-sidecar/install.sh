#!/bin/sh
# Makes this machine a host of an EasyAgent fleet, or undoes that. To be run by root, usually by the command that
# `easyagent enroll-token create` prints: it pins this script by its SHA-256, and the sidecar's archive too.
#
# It checks the machine; fetches (or copies) the archive and compares its SHA-256; unpacks it beside other versions; enrols
# (the token goes from standard input to the sidecar, which sends it only to the server with the given fingerprint); switches
# to the new version in one step; starts the sidecar, now and at every boot. Before the host is enrolled, a failure takes
# everything back. Run twice, it does only what is missing.
#
# Nothing in /tmp is used, and nothing is followed that anybody but root can write.
set -eu
umask 022
unset CDPATH
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

top=/opt/easyagent-sidecar # versions/VERSION, current -> versions/VERSION, guard, release-keys; trial and incoming of upgrades
data=/var/lib/easyagent-sidecar # identity, journal, agents and what they keep
config=/etc/easyagent-sidecar
logs=/var/log/easyagent-sidecar # where there is no systemd
link=/usr/local/bin/easyagent-sidecar
unit=easyagent-sidecar.service
scope=easyagent-agents.scope
unit_file=/etc/systemd/system/$unit
init_file=/etc/init.d/easyagent-sidecar
cron_file=/etc/cron.d/easyagent-sidecar
program=$top/current/bin/easyagent-sidecar
loop=$top/current/bin/easyagent-sidecar-loop

largest_archive=268435456
needed_kib=250000 # the archive and what is in it
needed_data_kib=64000 # mostly the journal

usage() {
  cat <<'USAGE'
usage: install.sh --server HOST:PORT --fingerprint HEX --token-file FILE|-
                  (--operator-url URL | --archive FILE) --sha256 [PLATFORM=]HEX...
       install.sh --uninstall [--keep-agents | --purge]

  --server HOST:PORT         the port for hosts of the fleet's server
  --fingerprint HEX          SHA-256 of the fleet's authority
  --token-file FILE|-        where the enrolment token is; - is standard input
  --operator-url URL         the sidecar's archive is fetched from the server: URL/install/PLATFORM.tar.gz
  --archive FILE             the archive was copied to this machine
  --sha256 [PLATFORM=]HEX    what the archive must be; may be left out with --archive only

  --uninstall                stops the agents, each with its grace, and removes the sidecar; what agents keep, the host's
                             identity and its settings stay
  --keep-agents              agents run on, with nobody to restart them
  --purge                    removes also what would stay
USAGE
}

say() { printf 'easyagent: %s\n' "$*"; }
warn() { printf 'easyagent: %s\n' "$*" >&2; }
fail() {
  warn "$*"
  exit 1
}
wrong_usage() {
  warn "$*"
  usage >&2
  exit 2
}

# ---- what is taken back when it fails

work=''
made='' # the latest first
kept=''

take_back() {
  status=$?
  trap - EXIT
  [ -z "$work" ] || rm -rf "$work"
  if [ "$status" -ne 0 ] && [ -n "$kept" ]; then
    warn 'the host is enrolled, and the rest is not done: run the same command again (it will not use the token again)'
  elif [ "$status" -ne 0 ]; then
    # shellcheck disable=SC2086 # paths of this script, without spaces
    [ -z "$made" ] || rm -rf $made
    warn 'nothing was installed, and nothing is left behind'
  fi
  exit "$status"
}

# make_folder PATH: root's, and remembered when it was missing.
make_folder() {
  [ ! -L "$1" ] || fail "$1: is a link (expected: a folder, or nothing)"
  if [ ! -d "$1" ]; then
    mkdir -p "$1"
    made="$1 $made"
  fi
}

# ---- checks

check_machine() {
  [ "$(id -u)" = 0 ] || fail "user: $(id -un) (expected: root; put sudo before the command)"
  [ "$(uname -s)" = Linux ] || fail "system: $(uname -s) (expected: Linux)"
  for each in awk base64 cut df gzip head install mktemp mv sed sha256sum tar; do
    command -v "$each" >/dev/null || fail "$each: not on this machine (expected: a usual Linux user land)"
  done
}

# check_room FOLDER KIB: of the file system that the folder is on, or will be.
check_room() {
  place=$1
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  free=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$2" ] || fail "$1: $((free / 1000)) MB are free there (expected: at least $(($2 / 1000)) MB)"
}

# What is there already must be of this script.
check_places() {
  if [ -e "$link" ] || [ -L "$link" ]; then
    [ "$(readlink "$link")" = "$program" ] || fail "$link: is not of this script (expected: nothing there, or a link to $program)"
  fi
  if [ -e "$unit_file" ] && ! grep -q "$top/current/" "$unit_file"; then
    fail "$unit_file: is not of this script (expected: nothing there)"
  fi
}

# The SHA-256 of each authority that this host trusts.
known_fingerprints() {
  awk '/-----BEGIN/ { one = ""; next } /-----END/ { print one; next } { one = one $0 }' "$data/identity/authorities.pem" |
    while read -r one; do
      printf '%s' "$one" | base64 -d | sha256sum | cut -c 1-64
    done
}

enrolled=''
check_identity() {
  [ -e "$data/identity" ] || return 0
  if ! known_fingerprints | grep -q "^$fingerprint\$"; then
    servers=$(sed -n 's/^servers: //p' "$data/identity/host")
    fail "$data/identity: this machine is a host of another fleet, server $servers (expected: none; to leave that fleet:" \
      "sh $top/current/install.sh --uninstall --purge)"
  fi
  enrolled=yes
}

# ---- the archive

# Sets sha256 to what is pinned for this platform; empty: nothing is.
choose_digest() {
  sha256=''
  others=''
  for each in $digests; do
    case ${each#*=} in *[!0-9a-f]*) wrong_usage "--sha256: $each (expected: hexadecimal digits)" ;; esac
    [ "$(printf '%s' "${each#*=}" | wc -c)" -eq 64 ] || wrong_usage "--sha256: $each (expected: 64 digits)"
    case $each in
      "$platform"=*) sha256=${each#*=} ;;
      *=*) others="$others ${each%%=*}" ;;
      *) sha256=$each ;;
    esac
  done
  if [ -z "$sha256" ] && [ -n "$others" ]; then
    fail "platform: $platform (expected: one that the sidecar was made for:$others)"
  fi
  [ -n "$sha256$archive" ] || wrong_usage '--sha256: missing'
}

# fetch URL FILE: whose certificate the server has does not matter here, since the file's SHA-256 is pinned and nothing secret
# is sent.
fetch() {
  if command -v curl >/dev/null; then
    curl -fsSkg --retry 3 --connect-timeout 20 --max-filesize "$largest_archive" -o "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q --no-check-certificate -O "$2" "$1"
  else
    fail 'neither curl nor wget is on this machine (expected: one of them, or the command of enroll-token create --offline)'
  fi </dev/null
}

get_archive() {
  if [ -n "$archive" ]; then
    [ -f "$archive" ] || fail "$archive: no such file (expected: the sidecar's archive)"
    # A copy, which nobody can change while it is checked and unpacked.
    head -c "$largest_archive" <"$archive" >"$work/archive.tar.gz"
    source=$archive
  else
    source=$operator_url/install/$platform.tar.gz
    fetch "$source" "$work/archive.tar.gz" || fail "$source: not fetched (expected: to reach the server's port for" \
      "operators; without it, use the command of: easyagent enroll-token create --offline)"
  fi
  actual=$(sha256sum <"$work/archive.tar.gz" | cut -c 1-64)
  if [ -z "$sha256" ]; then
    say "the SHA-256 of $source is $actual; it was compared with nothing"
  elif [ "$actual" = "$sha256" ]; then
    say "got $source, and its SHA-256 is the pinned one"
  else
    fail "$source: SHA-256 $actual (expected: $sha256; was the server upgraded since the command was made? make a new one:" \
      'easyagent enroll-token create)'
  fi
}

# Sets version; afterwards it is complete in versions/.
unpack() {
  tar -xzof "$work/archive.tar.gz" -C "$work"
  unpacked=$(cd "$work" && echo easyagent-sidecar-*-"$platform")
  [ -d "$work/$unpacked" ] || fail "$source: not the sidecar for $platform"
  version=${unpacked#easyagent-sidecar-}
  version=${version%-"$platform"}
  case $version in *[!0-9A-Za-z.+-]*) fail "$source: version $version (expected: letters, digits, dots)" ;; esac
  said=$("$work/$unpacked/bin/easyagent-sidecar" version 2>&1 </dev/null) ||
    fail "the sidecar does not run on this machine (expected: glibc 2.17 or newer, and $top mounted without noexec): $said"
  if [ -e "$top/versions/$version" ]; then
    [ "$(cat "$top/versions/$version/SHA256")" = "$actual" ] ||
      fail "$top/versions/$version: unpacked from another archive of the same version (expected: remove it with --uninstall)"
    return 0
  fi
  printf '%s\n' "$actual" >"$work/$unpacked/SHA256"
  sync -f "$work/$unpacked" 2>/dev/null || sync
  mv -T "$work/$unpacked" "$top/versions/$version"
  made="$top/versions/$version $made"
  say "unpacked version $version into $top/versions/$version"
}

# ---- enrolment

enroll() {
  if [ -n "$enrolled" ]; then
    say "enrolled with this fleet already; the token was not used"
    return 0
  fi
  [ -e "$data" ] || made="$data $made"
  if [ "$token_file" = - ] && [ -t 0 ]; then
    say 'the enrolment token, please (then Enter and Ctrl-D):'
  fi
  # Nothing but the sidecar reads standard input.
  "$top/versions/$version/bin/easyagent-sidecar" enroll \
    --server "$server" --fingerprint "$fingerprint" --token-file "$token_file" --data "$data" >"$work/enrolled" ||
    fail 'not enrolled'
  say "$(grep '^enrolled' "$work/enrolled")"
}

# ---- running it

# point PATH TARGET: a link that is changed in one step.
point() {
  ln -sfn "$2" "$1.new"
  mv -fT "$1.new" "$1"
}

has_systemd() { [ -d /run/systemd/system ] && command -v systemctl >/dev/null; }

# replace MODE FROM TO: as a whole or not at all.
replace() {
  install -m "$1" "$2" "$3.new"
  mv -f "$3.new" "$3"
}

# What must outlive every version: the guard, and the keys that later versions must be signed with.
install_guard() {
  make_folder "$top/guard"
  replace 755 "$top/versions/$version/lib/easyagent-sidecar-guard" "$top/guard/easyagent-sidecar-guard"
  replace 644 "$top/versions/$version/release-keys" "$top/release-keys"
}

switch() {
  install_guard
  before=$(readlink "$top/current" || true)
  # Whoever installs by hand ends what was on trial.
  rm -f "$top/trial/open"
  sync -f "$top" 2>/dev/null || sync
  point "$top/current" "versions/$version"
  point "$link" "$program"
  [ "$before" = "versions/$version" ] || say "version $version is the current one; the command is $link"
  if [ ! -d "$config" ]; then
    mkdir "$config"
    say "made $config, for settings and this host's own rules (example: $top/current/policy.yaml.example)"
  fi
}

start_unit() {
  if ! cmp -s "$top/current/lib/systemd/$unit" "$unit_file"; then
    cp "$top/current/lib/systemd/$unit" "$unit_file.new"
    mv -f "$unit_file.new" "$unit_file"
    systemctl daemon-reload
    say "wrote $unit_file"
  fi
  systemctl -q enable "$unit"
  if [ "$before" = "versions/$version" ] && systemctl -q is-active "$unit"; then
    say "$unit runs already, and starts at boot"
    return 0
  fi
  # Where an older version runs: agents live on.
  systemctl restart "$unit" </dev/null || fail "$unit does not start (see: journalctl -u $unit; then run this command again)"
  say "$unit is started, and starts at boot"
}

start_loop() {
  if [ "$before" != "versions/$version" ] && "$loop" status >/dev/null; then
    "$loop" restart </dev/null
  else
    "$loop" start </dev/null
  fi
  say 'there is no systemd on this machine: the sidecar runs in a loop that starts it again'
  boot_entry
}

# Says honestly what it could arrange.
boot_entry() {
  if [ "$(cat /proc/1/comm)" = init ] && { command -v update-rc.d || command -v chkconfig; } >/dev/null; then
    point "$init_file" "$loop"
    if command -v update-rc.d >/dev/null; then
      update-rc.d easyagent-sidecar defaults >/dev/null
    else
      chkconfig --add easyagent-sidecar
    fi
    say "it starts at boot: $init_file"
  elif [ -d /etc/cron.d ] && pidof cron crond >/dev/null 2>&1; then
    printf '# The EasyAgent sidecar.\n@reboot root %s start\n' "$loop" >"$cron_file"
    say "it starts at boot, and does not stop agents in order at shutdown: $cron_file"
  else
    warn "it does NOT start at boot: no System V init and no cron is here; see to it that this is run then: $loop start"
  fi
}

await_link() {
  left=20
  while [ "$left" -gt 0 ]; do
    state=$("$program" status </dev/null 2>/dev/null | sed -n 's/^server  *//p')
    case $state in
      connected*)
        say "done: $state"
        return 0
        ;;
    esac
    left=$((left - 1))
    sleep 1
  done
  warn "the sidecar runs, but has no link to the server yet: ${state:-it does not answer} (see: easyagent-sidecar status)"
}

install_sidecar() {
  check_machine
  platform=linux-$(uname -m)
  choose_digest
  check_places
  check_identity
  trap take_back EXIT
  trap 'exit 130' HUP INT TERM
  make_folder "$top"
  make_folder "$top/versions"
  # What another run had when it was killed; that no other run is under way is known from the lock.
  exec 8<"$top"
  if command -v flock >/dev/null; then flock -n 8 || fail "$top: another run is under way"; fi
  rm -rf "$top"/.install.*
  if [ -n "$sha256" ] && [ "$(cat "$top/current/SHA256" 2>/dev/null)" = "$sha256" ]; then
    version=$(readlink "$top/current")
    version=${version#versions/}
    say "version $version is installed already"
  else
    check_room "$top" "$needed_kib"
    check_room "$data" "$needed_data_kib"
    work=$(mktemp -d "$top/.install.XXXXXX")
    get_archive
    unpack
  fi
  [ -n "$work" ] || work=$(mktemp -d "$top/.install.XXXXXX")
  enroll
  kept=yes
  switch
  if has_systemd; then start_unit; else start_loop; fi 8<&-
  sync -f "$top" /etc 2>/dev/null || sync
  await_link
}

# ---- the way back

sidecar_runs() { [ -x "$program" ] && "$program" status </dev/null >/dev/null 2>&1; }

stop_agents() {
  if sidecar_runs; then
    "$program" shutdown </dev/null || fail "not every agent was stopped; nothing is removed (see: easyagent-sidecar status)"
    say 'the agents are stopped'
  elif has_systemd; then
    say 'the sidecar does not run, so its agents get TERM, and KILL after their time'
  elif [ -d "$data/run" ] && [ -n "$(ls "$data/run")" ]; then
    fail "the sidecar does not run, so its agents cannot be stopped in order; nothing is removed (start it: $loop start, or" \
      'use --keep-agents)'
  fi
  if has_systemd && systemctl -q is-active "$scope"; then
    systemctl stop "$scope"
  fi
}

remove_units() {
  if has_systemd; then
    if [ -e "$unit_file" ]; then
      systemctl -q disable --now "$unit" </dev/null
      rm -f "$unit_file"
      systemctl daemon-reload
      systemctl reset-failed "$unit" 2>/dev/null || true
      say "stopped and removed $unit"
    fi
  elif [ -x "$loop" ]; then
    "$loop" stop </dev/null
  fi
  if [ -L "$init_file" ]; then
    rm -f "$init_file"
    if command -v update-rc.d >/dev/null; then
      update-rc.d easyagent-sidecar remove >/dev/null
    else
      chkconfig --del easyagent-sidecar
    fi
    say "removed $init_file"
  fi
  if [ -e "$cron_file" ]; then
    rm -f "$cron_file"
    say "removed $cron_file"
  fi
}

# remove PATH...: with everything below it, but not what is mounted there.
remove() {
  one_file_system=''
  if rm --help 2>&1 | grep -q -e --one-file-system; then one_file_system=--one-file-system; fi
  for each in "$@"; do
    if [ -e "$each" ] || [ -L "$each" ]; then
      rm -rf $one_file_system "$each"
      say "removed $each"
    fi
  done
}

uninstall() {
  check_machine
  check_places
  if [ ! -e "$top" ] && [ ! -e "$unit_file" ] && [ ! -e "$data" ]; then
    say 'nothing of the sidecar is on this machine'
    return 0
  fi
  if [ -n "$keep_agents" ]; then
    say 'the agents run on, and nobody restarts them'
  else
    stop_agents
  fi
  # With the agents in their scope, stopping the unit leaves them alone.
  remove_units
  remove "$link" "$top" "$logs"
  if [ -n "$purge" ]; then
    remove "$data" "$config"
    say 'nothing is left here'
  else
    for each in "$data" "$config"; do
      if [ -e "$each" ]; then say "left: $each (remove it with: rm -rf $each)"; fi
    done
  fi
  say 'the server still lists this host until somebody removes it: easyagent host remove'
}

# ---- arguments

# need_value OPTION [VALUE...]
need_value() { [ $# -ge 2 ] || wrong_usage "$1: no value"; }

main() {
  server='' fingerprint='' token_file='' archive='' operator_url='' digests=''
  uninstall='' keep_agents='' purge=''
  while [ $# -gt 0 ]; do
    case $1 in
      --uninstall) uninstall=yes && shift && continue ;;
      --keep-agents) keep_agents=yes && shift && continue ;;
      --purge) purge=yes && shift && continue ;;
      --help | -h) usage && exit 0 ;;
      --server | --fingerprint | --token-file | --archive | --operator-url | --sha256) need_value "$@" ;;
      *) wrong_usage "$1: no such option" ;;
    esac
    case $1 in
      --server) server=$2 ;;
      --fingerprint) fingerprint=$2 ;;
      --token-file) token_file=$2 ;;
      --archive) archive=$2 ;;
      --operator-url) operator_url=$2 ;;
      --sha256) digests="$digests $2" ;;
    esac
    shift 2
  done
  if [ -n "$uninstall" ]; then
    [ -z "$server$fingerprint$token_file$archive$operator_url$digests" ] || wrong_usage '--uninstall: goes with none of the other options'
    [ -z "$keep_agents" ] || [ -z "$purge" ] || wrong_usage '--purge: would remove what the kept agents run from'
    uninstall
    return 0
  fi
  [ -z "$keep_agents$purge" ] || wrong_usage '--keep-agents, --purge: only with --uninstall'
  for each in "--server:$server" "--fingerprint:$fingerprint" "--token-file:$token_file"; do
    [ -n "${each#*:}" ] || wrong_usage "${each%%:*}: missing"
  done
  fingerprint=$(printf '%s' "$fingerprint" | tr -d ':' | tr '[:upper:]' '[:lower:]')
  case $fingerprint in *[!0-9a-f]*) fingerprint='' ;; esac
  [ "${#fingerprint}" -eq 64 ] || wrong_usage '--fingerprint: expected 64 hexadecimal digits'
  if [ -n "$archive" ]; then
    [ -z "$operator_url" ] || wrong_usage '--archive, --operator-url: expected one of them'
  else
    [ -n "$operator_url" ] || wrong_usage '--operator-url: missing (or: --archive)'
  fi
  install_sidecar
}

# Only the last line does anything: a script that was cut short does nothing.
main "$@"
