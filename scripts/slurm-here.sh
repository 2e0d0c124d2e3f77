#!/bin/sh
# Slurm on this one machine, to try job arrays without a cluster:
#
#   scripts/slurm-here.sh install          packages slurm-wlm and munge (Debian, Ubuntu; as root)
#   scripts/slurm-here.sh start <folder>   munged, slurmctld and slurmd, with configuration, state and logs in the folder (as root)
#   scripts/slurm-here.sh stop <folder>    ends what start began
#
# Then: export SLURM_CONF=<folder>/slurm.conf; sinfo; sbatch ...
# One node with all cores of the machine, jobs tracked by their parents, nothing pinned: what an array job does is that of a
# cluster, what --cpu-bind and --mem enforce is not.
set -eu

usage() {
  echo "usage: $0 install | start <folder> | stop <folder>" >&2
  exit 2
}

missing() {
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null || PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null || echo "$program"
  done
}

install() {
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends slurm-wlm munge
}

configuration() {
  cores=$(nproc)
  memory=$(awk '/^MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
  name=$(hostname -s)
  cat <<CONF
ClusterName=here
SlurmctldHost=$name(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$munge/socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmctldPort=${SLURM_HERE_PORT:-16817}
SlurmdPort=$((${SLURM_HERE_PORT:-16817} + 1))
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=1,sched_interval=2
MinJobAge=30
KillWait=5
NodeName=$name NodeAddr=127.0.0.1 CPUs=$cores RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

# A key and a socket of its own, where its user can reach them: whatever runs on the machine already is left alone.
start_munge() {
  dd if=/dev/urandom of="$munge/key" bs=128 count=1 2>/dev/null
  chmod 400 "$munge/key"
  chown -R munge "$munge"
  chmod 711 "$munge"
  setpriv --reuid=munge --regid=munge --clear-groups munged --force --key-file="$munge/key" \
    --socket="$munge/socket" --pid-file="$munge/pid" --log-file="$munge/log" --seed-file="$munge/seed"
}

start() {
  [ -z "$(missing)" ] || { echo "not here: $(missing | tr '\n' ' '); $0 install brings them" >&2; exit 1; }
  mkdir -p "$folder/state" "$folder/spool"
  munge=$(mktemp -d /tmp/slurm-here.XXXXXX)
  echo "$munge" >"$folder/munge"
  configuration >"$folder/slurm.conf"
  export SLURM_CONF="$folder/slurm.conf"
  start_munge
  slurmctld -f "$SLURM_CONF"
  slurmd -f "$SLURM_CONF"
  for _ in $(seq 60); do
    if sinfo --noheader --format=%T 2>/dev/null | grep -qE '^(idle|mixed|allocated)$'; then
      echo "export SLURM_CONF=$SLURM_CONF"
      return
    fi
    sleep 0.5
  done
  echo "the node did not come up; $folder/slurmctld.log and slurmd.log say why" >&2
  exit 1
}

stop() {
  [ -f "$folder/munge" ] || { echo "nothing was started in $folder" >&2; exit 1; }
  munge=$(cat "$folder/munge")
  for pid in "$folder/slurmd.pid" "$folder/slurmctld.pid" "$munge/pid"; do
    [ -f "$pid" ] && kill "$(cat "$pid")" 2>/dev/null || true
  done
  rm -rf "$munge" "$folder/munge"
}

PATH="$PATH:/usr/sbin"
case "${1:-}" in
  install) install ;;
  start | stop)
    [ $# -eq 2 ] || usage
    mkdir -p "$2"
    folder=$(cd "$2" && pwd)
    "$1"
    ;;
  *) usage ;;
esac
