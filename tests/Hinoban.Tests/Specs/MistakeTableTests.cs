using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>
/// One mistake at a time, after the four lines of a right specification: exactly one error, there, saying that. It pins <see cref="ParentRules"/>,
/// <see cref="DependsRules"/> and <see cref="AddressRules"/> where they are used.
/// </summary>
public sealed class MistakeTableTests
{
    public static TheoryData<string, int, int, string> Mistakes => new()
    {
        { "host: {}", 5, 1, "`host` is not a key of a customer" },
        { "hosts: [web01]", 5, 8, "`hosts` is a list" },
        { "hosts: { web01: }", 5, 10, "a host has no `address`" },
        { "hosts: { web01: { machine: cloud } }", 5, 10, "a host has no `address`" },
        { "hosts: { web01: { address: -oProxyCommand=id } }", 5, 28, "is not an address" },
        { "hosts: { web01: { address: 010.0.0.1 } }", 5, 28, "is not an address" },
        { "hosts: { web01: { address: 'fe80::1%eth0;id' } }", 5, 28, "is not an address" },
        { "hosts: { web01: { address: 10.0.0.1, use: web } }", 5, 43, "there is no template `web`" },
        { "hosts: { web01: { address: 10.0.0.1, parents: [web01] } }", 5, 48, "is its own parent" },
        { "hosts: { web01: { address: 10.0.0.1, parents: core } }", 5, 47, "there is no host `core`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: {}", 6, 11, "`silences` is a map" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: b, when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 20, "nothing that is watched is called `b`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/https, when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 20, "nothing that is watched is called `a/https`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 12, "a silence has no `what`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, owner: o }]", 6, 12, "a silence has no `reason`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, reason: r }]", 6, 12, "a silence has no `owner`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, reason: r, owner: o }]", 6, 12, "a silence has no `kind`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: quiet, reason: r, owner: o }]", 6, 80, "`kind`: `quiet` is not known" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 2-3', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 34, "`daily 2-3` is no time that a silence can have" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-02:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 34, "is no time that a silence can have" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'weekly day 02:00-03:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 34, "is no time that a silence can have" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 24:00-25:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 34, "is no time that a silence can have" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', kind: mute, reason: r, owner: o }]", 6, 28, "a recurring silence has no last day" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 9999-12-31, kind: mute, reason: r, owner: o }]", 6, 62, "`9999-12-31` is no date to use" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'from 0001-01-01 00:00 to 0001-01-01 01:00', kind: mute, reason: r, owner: o }]", 6, 34, "is no time that a silence can have" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-02-30, kind: mute, reason: r, owner: o }]", 6, 62, "`2026-02-30` is no date to use" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'from 2026-04-14 22:00 to 2026-04-14 21:00', kind: mute, reason: r, owner: o }]", 6, 34, "the end is not after the start" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'from 2026-04-14 22:00 to 2026-05-14 22:01', kind: mute, reason: r, owner: o }]", 6, 34, "it lasts more than 30 days" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'from 2026-04-14 22:00 to 2026-04-15 21:00', until: 2026-12-31, kind: mute, reason: r, owner: o }]", 6, 86, "a silence that happens once has an `until`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: wait, reason: r, owner: o }]", 6, 12, "a silence has no `for`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: known, reason: r, owner: o }]", 6, 12, "a silence has no `match`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, for: 15m, reason: r, owner: o }]", 6, 91, "only `kind: wait` has a `for`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: mute, match: x, reason: r, owner: o }]", 6, 93, "only `kind: known` has a `match`" },
        { "hosts: { a: { address: a.jp, checks: { http: {} } } }\nsilences: [{ what: a/http, when: 'daily 02:00-03:00', until: 2026-12-31, kind: wait, for: 2d, reason: r, owner: o }]", 6, 91, "`for` is 2d" },
        { "hosts: { web01: { address: 10.0.0.1, parents: { any: [core] } } }", 5, 55, "there is no host `core`" },
        { "hosts: { web01: { address: 10.0.0.1, parents: {} } }", 5, 47, "`parents` has either `any` or `all`" },
        { "hosts: { a: { address: 10.0.0.1, parents: { any: b, all: b } }, b: { address: 10.0.0.2 } }", 5, 43, "`parents` has either `any` or `all`" },
        { "hosts: { a: { address: 10.0.0.1, parents: { all: b } }, b: { address: 10.0.0.2, parents: { any: a } } }", 5, 50, "parents go in a circle: `a` → `b` → `a`" },
        { "hosts: { a: { address: 10.0.0.1, was: b }, b: { address: 10.0.0.2 } }", 5, 39, "`b` is a host of today" },
        { "hosts: { a: { address: 10.0.0.1, was: c }, b: { address: 10.0.0.2, was: c } }", 5, 73, "another host already was `c`" },
        { "hosts: { a: { address: 10.0.0.1, alive: pong } }", 5, 41, "`pong` is not a check" },
        { "hosts: { a: { address: 10.0.0.1, alive: [] } }", 5, 41, "`alive` is an empty list" },
        { "hosts: { a: { address: 10.0.0.1, alive: tcp } }", 5, 41, "`tcp` is not a check" },
        { "hosts: { a: { address: 10.0.0.1, alive: 'tcp:0' } }", 5, 41, "`port` is 0" },
        { "hosts: { a: { address: 10.0.0.1, ssh: { user: root } } }", 5, 34, "`ssh` has no `host_keys`" },
        { "hosts: { a: { address: 10.0.0.1, ssh: { user: root, host_keys: [] } } }", 5, 64, "`host_keys` is an empty list" },
        { "hosts: { a: { address: 10.0.0.1, ssh: { user: -l, host_keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT'] } } }", 5, 47, "is not a user name" },
        { "hosts: { a: { address: 10.0.0.1, checks: { b: { kind: passive } } } }", 5, 44, "a `passive` check has no `freshness`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { b: { kind: passive, freshness: 5s } } } }", 5, 75, "`freshness` is 5s" },
        { "hosts: { a: { address: 10.0.0.1, checks: { b: { kind: passive, freshness: 10 } } } }", 5, 75, "`freshness`: `10` has no unit" },
        { "hosts: { a: { address: 10.0.0.1, checks: { b: { kind: passive, freshness: 10m, interval: 3m } } } }", 5, 80, "`interval` is not a key of a `passive` check" },
        { "hosts: { a: { address: 10.0.0.1, checks: { b: { kind: passive, freshness: 10m, via: agent } } } }", 5, 80, "`via` is not a key of a `passive` check" },
        { "hosts: { a: { address: 10.0.0.1, alive: { kind: passive, freshness: 10m } } }", 5, 49, "a host check cannot be `passive`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: b } } } }", 5, 64, "nothing that is watched is called `b`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: [a/htttp] } } } }", 5, 65, "nothing that is watched is called `a/htttp`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: a/http } } } }", 5, 64, "`a/http` depends on itself" },
        { "hosts: { a: { address: 10.0.0.1, checks: { h: { kind: http, depends_on: a/h } } } }", 5, 73, "`a/h` depends on itself" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: [a] } } } }", 5, 65, "`a` is this item's own host" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: {} } } } }", 5, 64, "`depends_on` has either `any` or `all`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: b } } }, b: { address: 10.0.0.2, alive: none } }", 5, 64, "host `b` has no host check" },
        { "hosts: { a: { address: 10.0.0.1, alive: { kind: ping, depends_on: b } }, b: { address: 10.0.0.2 } }", 5, 67, "a host check has no `depends_on`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { depends_on: b/http } } }, b: { address: 10.0.0.2, checks: { http: { depends_on: { any: [a/http] } } } } }", 5, 64, "dependencies go in a circle: `a/http` → `b/http` → `a/http`" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: } } }", 5, 50, "check `http` is empty" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: none } } }", 5, 50, "there is no check `http` to take away" },
        { "hosts: { a: { address: 10.0.0.1, checks: { 'a/b': ping } } }", 5, 44, "is not a check's name" },
        { "hosts: { a: { address: 10.0.0.1, checks: { web: {} } } }", 5, 44, "`web` is not a kind of check" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { port: http } } } }", 5, 58, "`port`: `http` is not a whole number" },
        { "hosts: { a: { address: 10.0.0.1, checks: { http: { certificate: { crit: 7d } } } } }", 5, 52, "`certificate` is not a key of an `http` check" },
        { "hosts: { a: { address: a.jp, checks: { https: { certificate: { warn: 7d, crit: 30d } } } } }", 5, 70, "`warn` at 7 days left comes after `crit` at 30 days" },
        { "hosts: { a: { address: a.jp, checks: { https: { verify: yes } } } }", 5, 57, "`verify`: `yes` is not known" },
        { "hosts: { a: { address: a.jp, checks: { http: { expect: { status: 600 } } } } }", 5, 66, "`status` is 600" },
        { "hosts: { a: { address: a.jp, checks: { http: { expect: 200 } } } }", 5, 56, "`expect` is the word `200`" },
        { "hosts: { a: { address: a.jp, checks: { http: { path: index.html } } } }", 5, 54, "`index.html` is not a path" },
        { "hosts: { a: { address: a.jp, checks: { http: { path: \"/\\r\\nX: y\" } } } }", 5, 54, "is not a path" },
        { "hosts: { a: { address: a.jp, checks: { http: { host_name: \"a\\r\\nX: y\" } } } }", 5, 59, "is not a host name" },
        { "hosts: { a: { address: a.jp, checks: { http: { crit: 3s, timeout: 2s } } } }", 5, 54, "`crit` (3s) is not below the time-out (2s)" },
        { "defaults: { crit: 8s }\nhosts: { a: { address: a.jp, checks: { http: { timeout: 5s } } } }", 6, 57, "`crit` (8s) is not below the time-out (5s)" },
        { "hosts: { a: { address: a.jp, checks: { ping: { crit: '20s, 50%' } } } }", 5, 54, "`crit` (20s) is not below the time-out (10s)" },
        { "hosts: { a: { address: a.jp, checks: { ping: { warn: '80%', crit: '60%' } } } }", 5, 54, "`warn` (80%) is above `crit` (60%)" },
        { "hosts: { a: { address: a.jp, checks: { ping: { crit: '0%' } } } }", 5, 54, "is not a ping threshold" },
        { "hosts: { a: { address: a.jp, checks: { ping: { interval: 500ms } } } }", 5, 58, "`interval` is 500ms" },
        { "hosts: { a: { address: a.jp, checks: { ping: { interval: 99999999999999999999d } } } }", 5, 58, "is not a duration" },
        { "hosts: { a: { address: a.jp, checks: { ping: { sites: [] } } } }", 5, 55, "`sites` is an empty list" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin } } } }", 5, 40, "a `plugin` check has no `command`" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin, command: [/bin/sh, -c, id] } } } }", 5, 69, "`/bin/sh` is not a plugin's name" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin, command: [check_x, $USER1$] } } } }", 5, 78, "there is no macro `$USER1$`" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin, command: [check_x, \"a\\0b\"] } } } }", 5, 78, "the control character U+0000" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin, command: [check_x, {}] } } } }", 5, 78, "an argument is a map" },
        { "hosts: { a: { address: a.jp, checks: { ping: { flapping: never } } } }", 5, 58, "`flapping` is not written so" },
        { "hosts: { a: { address: a.jp, checks: { ping: { flapping: { high: 50 } } } } }", 5, 66, "this is no percentage" },
        { "hosts: { a: { address: a.jp, checks: { ping: { flapping: { high: 20%, low: 30% } } } } }", 5, 58, "`high` (20%) is not above `low` (30%)" },
        { "hosts: { a: { address: a.jp, checks: { load: { warn: [1, 2] } } } }", 5, 54, "`warn` is no threshold of a load average" },
        { "hosts: { a: { address: a.jp, checks: { load: { warn: high } } } }", 5, 54, "`warn` is no threshold of a load average" },
        { "hosts: { a: { address: a.jp, checks: { load: { warn: [4, 3, 2], crit: [4, 2, 2] } } } }", 5, 71, "`warn` (4, 3, 2) is above `crit` (4, 2, 2)" },
        { "hosts: { a: { address: a.jp, checks: { swap: { warn: 30% } } } }", 5, 54, "`warn`: `30%` is no threshold of a share" },
        { "hosts: { a: { address: a.jp, checks: { swap: { warn: 80% used, crit: 30% free } } } }", 5, 70, "the range of `crit` (70% used) is narrower than that of `warn` (80% used)" },
        { "hosts: { a: { address: a.jp, checks: { disk: { crit: 120% used } } } }", 5, 54, "`crit`: `120% used` is no threshold of a share" },
        { "hosts: { a: { address: a.jp, checks: { disk: { mounts: [var] } } } }", 5, 57, "`var` is not a mount point" },
        { "hosts: { a: { address: a.jp, checks: { disk: { inodes: 80% } } } }", 5, 56, "`inodes` is the word `80%`" },
        { "hosts: { a: { address: a.jp, checks: { users: { warn: five } } } }", 5, 55, "`warn`: `five` is no range" },
        { "hosts: { a: { address: a.jp, checks: { procs: { crit: '9:1' } } } }", 5, 55, "the range starts above its end" },
        { "hosts: { a: { address: a.jp, checks: { procs: { warn: '1:10', crit: '2:20' } } } }", 5, 69, "the range of `crit` (2:20) is narrower than that of `warn` (1:10)" },
        { "hosts: { a: { address: a.jp, checks: { procs: { name: /usr/sbin/nginx } } } }", 5, 55, "is not the name of a process" },
        { "hosts: { a: { address: a.jp, checks: { zombies: { via: npre } } } }", 5, 56, "`via`: `npre` is not known" },
        { "hosts: { a: { address: a.jp, checks: { load: { command: check_load } } } }", 5, 57, "`command` is an NRPE daemon's own name" },
        { "hosts: { a: { address: a.jp, checks: { load: { via: nrpe, command: 'check!load' } } } }", 5, 68, "is not the name of an NRPE command" },
        { "hosts: { a: { address: a.jp, checks: { load: { via: ssh } } } }", 5, 53, "`load` of `a` goes via SSH, but the host has no `ssh`" },
        { "hosts: { a: { address: a.jp, checks: { db: { kind: postgres, host: b.jp } } } }", 5, 40, "a `postgres` check has no `user`" },
        { "hosts: { a: { address: a.jp, checks: { db: { kind: postgres, user: m, password: hunter2 } } } }", 5, 81, "a password does not stand in a specification" },
        { "hosts: { a: { address: a.jp, checks: { db: { kind: postgres, user: m, from: web1 } } } }", 5, 77, "there is no host `web1`" },
        { "hosts: { a: { address: a.jp, checks: { db: { kind: mysql, user: m, via: ssh } } } }", 5, 73, "a `mysql` check goes via the agent only" },
        { "hosts: { a: { address: a.jp, checks: { db: { kind: mysql, user: m, crit: 20s } } } }", 5, 74, "`crit` (20s) is not below the time-out (10s)" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin, via: agent } } } }", 5, 40, "a `plugin` check has no `command`" },
        { "hosts: { a: { address: a.jp, checks: { q: { kind: plugin, via: agent, command: [bin/x] } } } }", 5, 81, "`bin/x` is not a plugin's name" },
        { "hosts: { a: { address: a.jp, alive: { kind: load } } }", 5, 45, "a host check is not done from inside the host" },
        { "hosts: { a: { address: a.jp, agent: { certificate: sha256:12 } } }", 5, 52, "is not a certificate's fingerprint" },
        { "hosts: { a: { address: a.jp, nrpe: { tls: none, certificate: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' } } }", 5, 43, "with a `certificate`, `tls` is neither" },
        { "hosts: { a: { address: a.jp, plugin_folder: lib } }", 5, 45, "`lib` is not a folder" },
        { "templates: { t: { use: t } }", 5, 14, "template `t` uses itself" },
        { "templates: { t: { checks: { http: { warn: 9s, crit: 8s } } } }\nhosts: { a: { address: a.jp, use: t }, b: { address: b.jp, use: t } }", 5, 43, "`warn` (9s) is above `crit` (8s)" },
        { "sites: [tokyo, tokyo]", 5, 16, "site `tokyo` is here twice" },
        { "sites: [Tokyo]", 5, 9, "`Tokyo` is not a site name" },
        { "sites: [tokyo]\ndefaults: { sites: osaka }\nhosts: { a: { address: a.jp } }", 6, 20, "`osaka` is not one of the customer's sites" },
        { "slo: 10m", 5, 6, "`slo` is the word `10m`" },
        { "slo: { start_within: 5s }", 5, 22, "`start_within` is 5s" },
        { "name: { jp: x }", 5, 9, "`jp` is not a key of a text in two languages" },
        { "name: \"a\\u202eb\"", 5, 7, "control character U+202E" },
        { "name: \"\\ud800\"", 5, 7, "not valid YAML" },
        { "time_zone: ../../etc/passwd", 5, 12, "is not a time zone" },
        { "time_zone: Tokyo Standard Time", 5, 12, "is not a time zone" },
        { "calls: { contacts: [{ name: A, phone: [\"+81 3\", x] }] }", 5, 49, "`x` is not a phone number" },
        { "runbooks: { r: { steps: [] } }", 5, 25, "`steps` is an empty list" },
        { "runbooks: { r: { title: T } }", 5, 13, "a runbook has no `steps`" },
        { "runbooks: { r: { steps: [{ reboot: {} }] } }", 5, 28, "`reboot` is not a step" },
        { "runbooks: { r: { steps: [recheck, { recheck: {}, read: {} }] } }", 5, 35, "a step is a map of several keys" },
        { "runbooks: { r: { steps: [{ recheck: { else: jump } }] } }", 5, 45, "`else`: `jump` is not known" },
        { "runbooks: { r: { steps: [{ recheck: { else: { close: x, mail: y } } }] } }", 5, 57, "`mail` is a second word in `else`" },
        { "hosts: { a: { address: a.jp } }\nruns: 1", 6, 1, "`runs` is not a key of a customer" },
        { "hosts: { a: { address: a.jp, ssh: { user: u, host_keys: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT' } } }\nrunbooks: { r: { risk: read, steps: [{ change: { on: a, run: 'reboot' } }] } }", 6, 24, "`risk: read`, but a step changes the host" },
        { "hosts: { a: { address: a.jp } }\nrunbooks: { r: { steps: [{ read: { on: a, run: \"id\\nrm -rf /\" } }] } }", 6, 48, "`run` holds the control character U+000A" },
        { "hosts: { a: { address: a.jp, alive: none } }\nrunbooks: { r: { steps: [{ verify: { check: a } }] } }", 6, 45, "`a` has no host check" },
        { "hosts: { a: { address: a.jp, checks: { http: &x { kind: http }, web: *y } } }", 5, 70, "there is no anchor" },
        { "language: !!str ja", 5, 11, "a YAML tag" },
        { "? [a]\n: b", 5, 3, "this key is a list or a map" },
        { "---\ncustomer: b", 5, 1, "a second YAML document" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_located_error(string text, int line, int column, string wrong)
    {
        var errors = SpecReader.ReadText("s.yaml", SpecSamples.Head + text + "\n").Problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        var error = Assert.Single(errors);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(wrong, error.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dependency_on_what_is_not_looked_at_is_noted()
    {
        var reading = SpecReader.ReadText("s.yaml", SpecSamples.Head + "hosts: { a: { address: a.jp, checks: { load: { kind: ping, via: agent }, http: { depends_on: a/load } } } }\n");
        Assert.False(reading.HasErrors);
        Assert.Contains(reading.Notes, n => n.Wrong.Contains("a dependency on `a/load`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mailing_list: { address: a@b.jp, members: [{ desk: true }] }", "a customer has no `customer`")]
    [InlineData("customer: a", "a customer has no `mailing_list`")]
    [InlineData("customer: a\nmailing_list: { members: [{ desk: true }] }", "the mailing list has no `address`")]
    [InlineData("customer: a\nmailing_list: { address: a@b.jp }", "the mailing list has no `members`")]
    [InlineData("customer: a\nmailing_list: { address: a@b.jp, members: [] }", "`members` is an empty list")]
    [InlineData("customer: a\nmailing_list: { address: \"a@b.jp\\r\\nBcc: x@y.jp\", members: [{ desk: true }] }", "is not a mail address")]
    [InlineData("customer: a\nmailing_list: { address: a@b.jp, members: [{ name: x }] }", "a member has no `mail`")]
    [InlineData("customer: a\nmailing_list: { address: a@b.jp, members: [{ desk: true }, { desk: true }] }", "`the desk` is a member twice")]
    [InlineData("customer: a\nmailing_list: { address: a@b.jp, members: [{ desk: true, mail: c@d.jp }] }", "the desk has a `mail` here")]
    [InlineData("customer: a\nmailing_list: { address: a@b.jp, charset: shift_jis, members: [{ desk: true }] }", "`charset`: `shift_jis` is not known")]
    [InlineData("customer: a/../b\nmailing_list: { address: a@b.jp, members: [{ desk: true }] }", "is not a customer's id")]
    [InlineData("customer: provider\nmailing_list: { address: a@b.jp, members: [{ desk: true }] }", "`provider` is the monitoring provider itself")]
    [InlineData("- a\n- b", "the file is not a map of keys")]
    [InlineData("# only a comment", "the file says nothing")]
    public void What_a_customer_must_say(string text, string wrong) =>
        Assert.Contains(wrong, Assert.Single(SpecReader.ReadText("s.yaml", text).Problems, p => p.Level == ProblemLevel.Error).Wrong, StringComparison.Ordinal);
}
