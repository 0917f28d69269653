using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>What a random run without a desk came to.</summary>
/// <param name="Mails">About problems, by whomever.</param>
/// <param name="BySites">Of these, such as a site wrote.</param>
/// <param name="Doubles">Envelopes that came more than once.</param>
/// <param name="Adopted">Incidents that the desk took over.</param>
/// <param name="SpokenTwice">Of these, such as two sites wrote about.</param>
/// <param name="Stood">Faults in a company that stood still for long enough that somebody had to tell.</param>
internal sealed record AwayOutcome(int Mails, int BySites, int Doubles, int Adopted, int SpokenTwice, int Stood);

/// <summary>
/// Three sites and a desk, whose lines are cut and processes killed by lot while a service fails now and then; at the end everything is mended. Holds the
/// exact promise of architecture §1 against what the relay took.
/// </summary>
internal static class AwayFuzz
{
    private static readonly string[] Sites = ["tokyo", "osaka", "nagoya"];
    private static readonly string[] Items = ["web1/http", "web1/smtp", "db1/postgres"];

    /// <summary>By then everybody who can hear of a mail has.</summary>
    private static readonly TimeSpan Spreads = TimeSpan.FromSeconds(12);

    internal static AwayOutcome Run(int seed, string? spec = null)
    {
        var world = new World(new Random(seed));
        AwayOutcome outcome = null!;
        Story.Story.Tell(spec ?? Spec, async story =>
        {
            story.AllowLog("");
            await story.Pass(minutes: 5);
            await world.TroubleAsync(story, steps: 14);
            world.MendAll(story);
            await story.Pass(minutes: 25);
            outcome = Judge(story, world);
        }, new StoryOptions
        {
            Away = true,
            Sites = Sites,
            Seed = seed,
            Folder = Directory.Exists("/dev/shm") ? "/dev/shm" : null,
            Anchors = [new Anchor("198.51.100.1", 53), new Anchor("198.51.100.2", null), new Anchor("198.51.100.3", 443)],
            Afterwards = TimeSpan.Zero,
        });
        return outcome;
    }

    private static AwayOutcome Judge(Story.Story story, World world)
    {
        var entries = story.Entries.Where(e => e.Kind == EntryKind.Mail).ToList();
        entries.ForEach(e => e.Claimed = true);
        var mails = entries.Where(e => e.Mail!.Subject.Contains("web1", StringComparison.Ordinal) || e.Mail.Subject.Contains("db1", StringComparison.Ordinal)).ToList();
        var incidents = story.Desk.Parts.Queries.Incidents(Story.Story.All).Concat(story.Desk.Parts.Queries.Incidents(Story.Story.All, closed: true))
            .Where(i => !i.Own).Select(i => story.Incident(i.Id)).ToList();
        var doubles = mails.GroupBy(e => (e.Mail!.Recipient, e.Mail.MessageId)).Where(g => g.Count() > 1).ToList();
        foreach (var twice in doubles)
        {
            var times = twice.Select(e => (e.At, By: SpeakerOf(e))).ToList();
            if (times.Count > Sites.Length + 1)
            {
                throw new InvalidOperationException($"{twice.Key} came {times.Count} times.");
            }

            for (var i = 1; i < times.Count; i++)
            {
                if (world.CouldKnow(times[i - 1].By, times[i].By, times[i - 1].At, times[i].At))
                {
                    throw new InvalidOperationException($"{twice.Key} was told by {times[i - 1].By} at {times[i - 1].At} and again by {times[i].By} at {times[i].At}, who could have known.");
                }
            }
        }

        foreach (var incident in incidents)
        {
            var alerts = incident.Events.OfType<NoticeDecided>().Count(n => n is { Kind: NoticeKind.Alert, Told: true });
            var recoveries = incident.Events.OfType<NoticeDecided>().Count(n => n is { Kind: NoticeKind.Recovery, Told: true } or { Kind: NoticeKind.Recovery, Reason: NoticeReason.ToldAway });
            if (alerts > 0 && recoveries == 0)
            {
                throw new InvalidOperationException($"{incident.Row.Number} was told and its recovery never was.");
            }
        }

        foreach (var told in mails.Where(e => e.Mail!.Subject.Contains("PROBLEM", StringComparison.Ordinal)))
        {
            // Where desk and site each began the episode without the other, their numbers differ; thread and episode are the same.
            if (!incidents.Any(i => told.Mail!.MessageId.Contains($"{i.Facts.EpisodeKey}.", StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"The desk does not know of \"{told.Mail!.Subject}\".");
            }
        }

        return new AwayOutcome(
            mails.Count,
            mails.Count(e => SpeakerOf(e) != "desk"),
            doubles.Count,
            incidents.Count(i => i.Events.OfType<SpokenAway>().Any()),
            incidents.Count(i => i.Events.OfType<SpokenAway>().Select(s => s.Site).Distinct().Count() > 1),
            AwayTold.Judge(world.Faults, world.States, Sites, [.. mails.Select(e => (e.At, e.Mail!.Subject))]));
    }

    private static string SpeakerOf(StoryEntry mail)
    {
        var text = string.Join(' ', mail.Mail!.Text.Split('\n', StringSplitOptions.TrimEntries));
        return Sites.FirstOrDefault(s => text.Contains($"site {s} writes in its place", StringComparison.Ordinal) || text.Contains($"site {s} can reach neither", StringComparison.Ordinal)) ?? "desk";
    }

    /// <summary>What is cut and killed, and was when.</summary>
    private sealed class World(Random random)
    {
        private readonly HashSet<string> dead = [];
        private readonly HashSet<(string, string)> cut = [];
        private readonly HashSet<string> broken = [];
        private readonly List<AwayFault> faults = [];
        private readonly List<AwayState> history = [];

        internal IReadOnlyList<AwayFault> Faults => faults;

        internal IReadOnlyList<AwayState> States => history;

        internal async Task TroubleAsync(Story.Story story, int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Do(story);
                Note(story);
                await story.Pass(TimeSpan.FromSeconds(random.Next(5, 420)));
            }
        }

        internal void MendAll(Story.Story story)
        {
            foreach (var (a, b) in cut.ToList())
            {
                Line(story, a, b);
            }

            dead.ToList().ForEach(who => Process(story, who));
            broken.ToList().ForEach(item => Item(story, item));
            Note(story);
        }

        /// <summary>Both were there and could reach each other, if by way of others, from the telling on or for long enough before the repetition.</summary>
        internal bool CouldKnow(string first, string again, TimeSpan toldAt, TimeSpan repeatedAt)
        {
            var states = history.Select((state, i) => (From: state.At, To: i + 1 < history.Count ? history[i + 1].At : TimeSpan.MaxValue, state.Dead, state.Cut));
            return states.Where(s => s.To > toldAt && s.From < repeatedAt).Any(s =>
            {
                var (from, to) = (s.From > toldAt ? s.From : toldAt, s.To < repeatedAt ? s.To : repeatedAt);
                return to - from > Spreads && Reaches(first, again, s.Dead, s.Cut);
            });
        }

        private static bool Reaches(string a, string b, HashSet<string> dead, HashSet<(string, string)> cut)
        {
            if (dead.Contains(a) || dead.Contains(b))
            {
                return false;
            }

            return a == b || !cut.Contains(Pair(a, b));
        }

        private void Note(Story.Story story) => history.Add(new AwayState(story.Now, [.. dead], [.. cut]));

        private void Do(Story.Story story)
        {
            string[] all = ["desk", .. Sites];
            switch (random.Next(10))
            {
                case 0 or 1:
                    Process(story, "desk");
                    break;
                case 2:
                    Process(story, Sites[random.Next(Sites.Length)]);
                    break;
                case 3 or 4 or 5:
                    var a = random.Next(all.Length);
                    var b = (a + random.Next(1, all.Length)) % all.Length;
                    Line(story, all[a], all[b]);
                    break;
                default:
                    Item(story, Items[random.Next(Items.Length)]);
                    break;
            }
        }

        private void Process(Story.Story story, string who)
        {
            var back = dead.Remove(who) || !dead.Add(who);
            if (who == "desk")
            {
                (back ? (Action)story.StartDesk : story.CrashDesk)();
            }
            else
            {
                (back ? (Action<string>)story.StartSite : story.CrashSite)(who);
            }
        }

        private void Line(Story.Story story, string a, string b)
        {
            var mended = cut.Remove(Pair(a, b)) || !cut.Add(Pair(a, b));
            if (a == "desk" || b == "desk")
            {
                var site = a == "desk" ? b : a;
                if (mended)
                {
                    story.MendLink(site);
                }
                else
                {
                    story.CutLink(site);
                }
            }
            else if (mended)
            {
                story.MendPeers(a, b);
            }
            else
            {
                story.CutPeers(a, b);
            }
        }

        private void Item(Story.Story story, string item)
        {
            if (broken.Remove(item))
            {
                var last = faults.FindLastIndex(f => f.Item == item);
                faults[last] = faults[last] with { Until = story.Now };
                story.Mend(item);
            }
            else
            {
                broken.Add(item);
                faults.Add(new AwayFault(item, story.Now, TimeSpan.MaxValue));
                story.Break(item, Fault.Refused);
            }
        }

        private static (string, string) Pair(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
    }

    private const string Spec = """
        customer: sample-trading
        name: { ja: サンプル商事株式会社, en: Sample Trading }
        language: en
        edition: 1
        mailing_list:
          address: smpl-mon@lists.example.jp
          members:
            - { name: 田中 一郎, mail: tanaka@sample.example.jp }
        defaults: { interval: 1m, timeout: 10s, flapping: off }
        hosts:
          web1:
            address: 192.0.2.10
            alive: ping
            checks:
              http: { path: /, expect: { status: 200 } }
              smtp: tcp:25
          db1:
            address: 192.0.2.20
            alive: ping
            checks:
              postgres: tcp:5432
        """;
}
