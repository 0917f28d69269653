#!/usr/bin/env python3
"""Records what Nagios makes of passive check results, as the table that our state machine is held to.

    eng/record-nagios.py OUT.tsv            all sequences
    eng/record-nagios.py OUT.tsv NAME...    only these
    eng/record-nagios.py --flaps OUT.tsv    what its flap detection makes of them, with thresholds of 25 and 50 %

Starts the installed nagios4 in a temporary folder: no active checks, flap detection only where asked for, nothing retained. Every sequence has a
host and a service of its own, so one step of all sequences goes in at once; a step counts as processed when status.dat shows its
tag as plugin output. Between two steps of a sequence lies at least one status update (1 s), as between real checks.
"""
import grp
import itertools
import os
import pwd
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

NAGIOS = shutil.which("nagios4") or "/usr/sbin/nagios4"
COLUMNS = ["sequence", "service_attempts", "host_attempts", "step", "result",
           "service_state", "service_type", "service_attempt", "service_last_hard",
           "host_state", "host_type", "host_attempt", "host_last_hard"]

FLAP_COLUMNS = ["sequence", "step", "result", "service_type", "percent_state_change", "is_flapping"]

NAMED = [
    # name, service attempts, host attempts, steps (S = service result, H = host result)
    ("soft-then-hard", 3, 3, "S2 S2 S2 S2 S2 S0 S0"),
    ("soft-recovery", 3, 3, "S0 S2 S2 S0 S0 S2 S0 S0"),
    ("hard-recovery-relapse", 2, 3, "S2 S2 S0 S2 S0 S2 S2 S2 S0"),
    ("soft-severity", 4, 3, "S1 S2 S3 S1 S2 S3 S0"),
    ("hard-severity", 3, 3, "S1 S1 S1 S2 S3 S1 S2 S2 S0"),
    ("unknown-all-along", 3, 3, "S3 S3 S3 S3 S0 S3 S0 S0"),
    ("attempts-1", 1, 1, "S0 S2 S1 S0 S3 S3 S0"),
    ("long-run", 5, 5, " ".join(["S2"] * 18 + ["S0"] * 2)),
    ("host-soft-hard", 3, 3, "H1 H1 H1 H1 H0 H0"),
    ("host-soft-recovery", 3, 3, "H0 H1 H1 H0 H0 H1 H0"),
    ("host-attempts-1", 1, 1, "H1 H0 H1 H1 H0"),
    ("host-unreachable", 3, 2, "H2 H2 H2 H1 H0"),
    ("host-long-run", 3, 5, " ".join(["H1"] * 16 + ["H0"] * 2)),
    ("host-down-while-service-soft", 4, 1, "S2 S2 H1 S2 S2 S2 S0"),
    ("host-down-while-service-soft-then-up", 4, 1, "S2 S2 H1 S2 H0 S2 S2 S2 S2 S0"),
    ("host-down-before-service", 3, 1, "H1 S2 S2 S2 H0 S2 S0"),
    ("host-down-service-stays-ok", 3, 1, "S0 H1 S0 S0 H0 S0"),
    ("host-down-service-recovers-first", 3, 1, "S2 H1 S2 S0 H0 S0 S2 S2 S2"),
    ("host-recovers-first", 3, 1, "H1 S2 H0 S0 S0 S2 S0"),
    ("host-recovers-service-never", 3, 1, "H1 S2 S2 H0 S2 S2 S2 S2 S2"),
    ("host-soft-down-while-service-soft", 4, 4, "S2 H1 S2 H1 S2 H0 S2 S2 S0"),
    ("host-soft-then-hard-while-service-soft", 5, 3, "S2 H1 S2 H1 S2 H1 S2 H0 S2 S0"),
    ("host-down-while-service-hard", 2, 1, "S2 S2 H1 S2 S1 H0 S1 S2 S0"),
    ("host-down-severity", 4, 1, "S1 H1 S2 S3 S1 H0 S2 S0"),
    ("host-down-attempts-1", 1, 1, "H1 S2 S0 S2 H0 S2 S0"),
    ("host-flaps-service-soft", 5, 1, "S2 H1 H0 S2 H1 H0 S2 H1 H0 S2 S2 S2"),
    ("host-down-ok-down", 3, 1, "H1 S2 S0 S2 H0 S2 S2 S2 S2"),
    ("host-down-then-soft-recovery", 3, 1, "S2 H1 S0 H0 S2 S0 S0"),
]


def sequences():
    yield from NAMED
    for attempts in range(1, 6):
        for n, steps in enumerate(itertools.product("02", repeat=5)):
            yield (f"all-{attempts}-{n:02}", attempts, 1, " ".join("S" + s for s in steps))
    for attempts in (1, 2, 3):
        for n, steps in enumerate(itertools.product(("H0", "H1"), repeat=4)):
            yield (f"host-all-{attempts}-{n:02}", 3, attempts, " ".join(steps))
    for n, steps in enumerate(itertools.product(("S0", "S2", "H0", "H1"), repeat=4)):
        if len({s[0] for s in steps}) == 2:
            yield (f"both-all-{n:03}", 3, 1 + n % 2, " ".join(steps + ("S2", "S2", "S0")))
    dice = random.Random(4406)
    for n in range(80):
        steps = dice.choices(("S0", "S1", "S2", "S3"), (3, 2, 3, 2), k=14)
        yield (f"random-service-{n:03}", dice.randint(1, 5), 1, " ".join(steps))
    for n in range(120):
        steps = dice.choices(("S0", "S1", "S2", "S3", "H0", "H1"), (3, 2, 4, 2, 2, 2), k=16)
        yield (f"random-both-{n:03}", dice.randint(1, 5), dice.randint(1, 3), " ".join(steps))
    for n in range(80):
        # A service that went hard at its first failure because of its host, then changes severity: Nagios' oddest corner.
        steps = dice.choices(("S0", "S1", "S2", "S3", "H0", "H1"), (1, 5, 5, 3, 2, 2), k=14)
        yield (f"random-corner-{n:03}", dice.randint(2, 5), 1, " ".join(["H1", "S2", "H0", *steps]))


def flap_sequences():
    calm = ["S0"] * 22
    yield ("flap-one-change", 1, 1, " ".join(calm[:3] + ["S2"] * 24))
    yield ("flap-one-outage", 1, 1, " ".join(["S2"] * 2 + calm + ["S0"] * 2))
    yield ("flap-twice-an-hour", 2, 1, " ".join((["S2"] * 2 + ["S0"] * 8) * 3))
    yield ("flap-every-look", 1, 1, " ".join(["S2", "S0"] * 14 + calm))
    yield ("flap-every-second-look", 1, 1, " ".join(["S2", "S2", "S0", "S0"] * 8 + calm))
    yield ("flap-severities", 1, 1, " ".join(["S1", "S2", "S3", "S2"] * 7 + ["S2"] * 22))
    dice = random.Random(4407)
    for n in range(60):
        steps, state = [], "S0"
        turn = dice.choice((0.2, 0.4, 0.6, 0.8))
        for _ in range(50):
            state = dice.choice([s for s in ("S0", "S1", "S2", "S3") if s != state]) if dice.random() < turn else state
            turn = dice.choice((0.1, 0.9)) if dice.random() < 0.05 else turn
            steps.append(state)
        yield (f"flap-random-{n:02}", dice.randint(1, 3), 1, " ".join(steps))


CONFIG = """
log_file={d}/nagios.log
cfg_file={d}/objects.cfg
object_cache_file={d}/objects.cache
precached_object_file={d}/objects.precache
status_file={d}/status.dat
status_update_interval=1
nagios_user={user}
nagios_group={group}
check_external_commands=1
command_file={d}/nagios.cmd
lock_file={d}/nagios.lock
temp_file={d}/nagios.tmp
temp_path={d}
query_socket={d}/nagios.qh
check_result_path={d}/results
state_retention_file={d}/retention.dat
retain_state_information=0
event_broker_options=0
use_syslog=0
log_passive_checks=1
log_service_retries=1
log_host_retries=1
execute_service_checks=0
accept_passive_service_checks=1
execute_host_checks=0
accept_passive_host_checks=1
enable_notifications=0
enable_event_handlers=0
enable_flap_detection={flaps}
low_service_flap_threshold=25.0
high_service_flap_threshold=50.0
low_host_flap_threshold=25.0
high_host_flap_threshold=50.0
translate_passive_host_checks=1
passive_host_checks_are_soft=1
check_service_freshness=0
check_host_freshness=0
check_for_updates=0
enable_predictive_host_dependency_checks=0
enable_predictive_service_dependency_checks=0
check_result_reaper_frequency=1
check_workers=1
interval_length=1
date_format=iso8601
"""

OBJECTS_HEAD = """
define command {
 command_name none
 command_line /bin/true
}
define timeperiod {
 timeperiod_name always
 alias always
}
define contact {
 contact_name nobody
 host_notifications_enabled 0
 service_notifications_enabled 0
 host_notification_period always
 service_notification_period always
 host_notification_options n
 service_notification_options n
 host_notification_commands none
 service_notification_commands none
}
"""

OBJECT = """
define host {{
 host_name {name}
 address 127.0.0.1
 check_command none
 max_check_attempts {host_attempts}
 check_interval 10000
 retry_interval 10000
 check_period always
 notification_interval 0
 notification_period always
 contacts nobody
}}
define service {{
 host_name {name}
 service_description s
 check_command none
 max_check_attempts {service_attempts}
 check_interval 10000
 retry_interval 10000
 check_period always
 notification_interval 0
 notification_period always
 contacts nobody
}}
"""


class Nagios:
    """A running Nagios in a temporary folder."""

    def __init__(self, wanted, flaps=False):
        self.dir = tempfile.mkdtemp(prefix="record-nagios-")
        os.mkdir(f"{self.dir}/results")
        with open(f"{self.dir}/nagios.cfg", "w") as f:
            f.write(CONFIG.format(d=self.dir, flaps=int(flaps), user=pwd.getpwuid(os.getuid()).pw_name, group=grp.getgrgid(os.getgid()).gr_name))
        with open(f"{self.dir}/objects.cfg", "w") as f:
            f.write(OBJECTS_HEAD)
            for name, service_attempts, host_attempts, _ in wanted:
                f.write(OBJECT.format(name=name, service_attempts=service_attempts, host_attempts=host_attempts))
        self.out = open(f"{self.dir}/stdout", "w")
        self.process = subprocess.Popen([NAGIOS, f"{self.dir}/nagios.cfg"], stdout=self.out, stderr=self.out, cwd=self.dir)
        self.await_(lambda: os.path.exists(f"{self.dir}/nagios.cmd") and os.path.exists(f"{self.dir}/status.dat"), "start")

    def await_(self, condition, what, deadline=60):
        end = time.monotonic() + deadline
        while not condition():
            if self.process.poll() is not None:
                raise SystemExit(f"nagios4 ended: {open(f'{self.dir}/stdout').read()}")
            if time.monotonic() > end:
                raise SystemExit(f"nagios4 did not get past: {what} (see {self.dir})")
            time.sleep(0.05)

    def send(self, lines):
        with open(f"{self.dir}/nagios.cmd", "w") as f:
            for line in lines:
                # One write per command: a line longer than PIPE_BUF could be torn, ours are short.
                f.write(f"[{int(time.time())}] {line}\n")
                f.flush()

    def status(self):
        """(kind, host) -> fields, from one complete status.dat (it is replaced by rename, so never half written)."""
        found = {}
        for kind, body in re.findall(r"^(host|service)status \{\n(.*?)\n\t\}", open(f"{self.dir}/status.dat").read(), re.S | re.M):
            fields = dict(line.strip().split("=", 1) for line in body.split("\n"))
            found[kind, fields["host_name"]] = fields
        return found

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.out.close()
        shutil.rmtree(self.dir, ignore_errors=True)


def shown(fields):
    return [fields["current_state"], "SH"[int(fields["state_type"])], fields["current_attempt"], fields["last_hard_state"]]


def flapping(fields):
    return ["SH"[int(fields["state_type"])], fields["percent_state_change"], fields["is_flapping"]]


def record(wanted, flaps=False):
    nagios = Nagios(wanted, flaps)
    rows = {name: [] for name, *_ in wanted}
    try:
        for number in range(max(len(w[3].split()) for w in wanted)):
            step = [(w, w[3].split()[number]) for w in wanted if number < len(w[3].split())]
            tag = f"step {number + 1}"
            nagios.send(f"PROCESS_SERVICE_CHECK_RESULT;{w[0]};s;{result[1]};{tag}" if result[0] == "S"
                        else f"PROCESS_HOST_CHECK_RESULT;{w[0]};{result[1]};{tag}" for w, result in step)
            status = {}

            def processed():
                status.update(nagios.status())
                return all(status["service" if r[0] == "S" else "host", w[0]]["plugin_output"] == tag for w, r in step)

            nagios.await_(processed, tag)
            for w, result in step:
                rows[w[0]].append([w[0], number + 1, result, *flapping(status["service", w[0]])] if flaps else [w[0], w[1], w[2], number + 1, result,
                                   *shown(status["service", w[0]]), *shown(status["host", w[0]])])
    finally:
        nagios.stop()
    return [row for name, *_ in wanted for row in rows[name]]


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    flaps = sys.argv[1] == "--flaps"
    args = sys.argv[2:] if flaps else sys.argv[1:]
    wanted = [s for s in (flap_sequences() if flaps else sequences()) if len(args) == 1 or s[0] in args[1:]]
    version = subprocess.run([NAGIOS, "--version"], capture_output=True, text=True).stdout.split("\n")[1].strip()
    rows = record(wanted, flaps)
    with open(args[0], "w") as f:
        f.write(f"# {version}, {len(wanted)} sequences, {len(rows)} steps; written by eng/record-nagios.py\n")
        f.write("\t".join(FLAP_COLUMNS if flaps else COLUMNS) + "\n")
        f.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    print(f"{version}: {len(wanted)} sequences, {len(rows)} steps")


main()
