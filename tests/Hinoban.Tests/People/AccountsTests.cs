using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.People;

/// <summary>Accounts, tokens and the audit against a real database file.</summary>
public abstract class AccountsTests : IDisposable
{
    private protected const string Right = "correct horse battery";
    private static readonly CustomerId Sample = new("sample-trading");

    private protected readonly DeskDatabase database;
    private readonly Db db;
    private protected readonly Accounts accounts;
    private protected readonly Moment now = new(new DateTimeOffset(2026, 4, 14, 3, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));

    private protected AccountsTests(Engine engine)
    {
        database = new DeskDatabase(engine);
        db = database.Open();
        accounts = new Accounts(db);
    }

    public void Dispose()
    {
        db.Dispose();
        database.Dispose();
    }

    [Fact]
    public void The_right_password_gives_the_actor_and_its_scope()
    {
        Assert.Null(accounts.Add("sato", "佐藤 花子", Role.Operator, null, Right, now, "test"));
        Assert.Null(accounts.Add("tanaka", "田中 一郎", Role.CustomerViewer, Sample, Right, now, "test"));

        var sato = SignIn("sato", Right, now);
        Assert.Equal(("sato", "佐藤 花子", Role.Operator), (sato!.Name, sato.DisplayName, sato.Role));
        Assert.Null(sato.Scope.Customer);
        Assert.Equal(Sample, SignIn("tanaka", Right, now)!.Scope.Customer);
    }

    [Theory]
    [InlineData("sato", "wrong horse battery")]
    [InlineData("sato", "")]
    [InlineData("SATO", Right)]
    [InlineData("nobody", Right)]
    [InlineData("", "")]
    [InlineData("ci", "")]
    [InlineData("gone", Right)]
    public void Anything_else_gives_nobody(string name, string password)
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        accounts.Add("gone", "退職者", Role.Operator, null, Right, now, "test");
        Assert.Null(accounts.SetDisabled("gone", true, now, "test"));
        Assert.NotNull(accounts.AddToken("ci", Role.Operator, null, now, "test").Token);

        Assert.Null(SignIn(name, password, now));
    }

    [Fact]
    public void Wrong_tries_make_their_origin_wait_and_nobody_else()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(SignIn("sato", "wrong wrong wrong", now, "192.0.2.66"));
        }

        Assert.Null(SignIn("sato", Right, now + TimeSpan.FromSeconds(29), "192.0.2.66"));
        Assert.NotNull(SignIn("sato", Right, now + TimeSpan.FromSeconds(29), "192.0.2.10"));
        Assert.NotNull(SignIn("sato", Right, now + TimeSpan.FromSeconds(30), "192.0.2.66"));
        Assert.Null(SignIn("sato", "wrong wrong wrong", now + TimeSpan.FromSeconds(31), "192.0.2.66"));
        Assert.NotNull(SignIn("sato", Right, now + TimeSpan.FromSeconds(31), "192.0.2.66"));
    }

    [Theory]
    [InlineData(4, 0, true)]
    [InlineData(5, 29, false)]
    [InlineData(5, 30, true)]
    [InlineData(6, 59, false)]
    [InlineData(6, 60, true)]
    [InlineData(9, 479, false)]
    [InlineData(10, 899, false)]
    [InlineData(10, 900, true)]
    [InlineData(1000, 900, true)]
    [InlineData(1000, -60, false)]
    [InlineData(1000, -901, true)]
    public void The_wait_doubles_up_to_a_quarter_of_an_hour(int tries, int secondsLater, bool may) =>
        Assert.Equal(may, AccountRules.MayTry(tries, now.Utc, now.Utc.AddSeconds(secondsLater)));

    [Fact]
    public void The_first_start_makes_an_admin_whose_password_must_be_changed_and_later_starts_do_not()
    {
        accounts.AddToken("admin", Role.Operator, null, now, "test");
        var password = accounts.EnsureFirstAdmin(now);

        Assert.Matches(@"\A(\w{5}-){3}\w{5}\z", password!);
        Assert.Null(accounts.EnsureFirstAdmin(now));
        Assert.Equal(Role.Admin, SignIn("admin", password!, now)!.Role);
        Assert.True(accounts.SessionOf("admin")!.MustChange);
        Assert.Null(accounts.SetPassword("admin", Right, now, "admin"));
        Assert.False(accounts.SessionOf("admin")!.MustChange);
        Assert.Null(SignIn("admin", password!, now));
        Assert.NotNull(SignIn("admin", Right, now));
    }

    [Fact]
    public void A_token_is_found_by_its_text_only_and_not_kept()
    {
        var (token, problem) = accounts.AddToken("ci", Role.Operator, null, now, "test");

        Assert.Null(problem);
        Assert.Matches(@"\Ahin_\w{40}\z", token!);
        Assert.Equal(("ci", Role.Operator), (accounts.ByToken(token!)!.Name, accounts.ByToken(token!)!.Role));
        Assert.Null(accounts.ByToken(token!.ToUpperInvariant()));
        Assert.Null(accounts.ByToken(token[..^1]));
        Assert.Null(accounts.ByToken(accounts.Tokens().Single().Hash));
        Assert.DoesNotContain(token, database.Raw(), StringComparison.Ordinal);

        Assert.Null(accounts.Tokens().Single().LastUsedDay);
        Assert.NotNull(accounts.ByToken(token, now));
        Assert.Equal(new DateOnly(2026, 4, 14), accounts.Tokens().Single().LastUsedDay);

        Assert.True(accounts.RevokeToken(token[..12], now, "test"));
        Assert.False(accounts.RevokeToken(token[..12], now, "test"));
        Assert.Null(accounts.ByToken(token));
    }

    [Fact]
    public void A_token_narrows_its_account_and_never_widens_it()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        accounts.Add("tanaka", "田中", Role.CustomerViewer, Sample, Right, now, "test");

        Assert.NotNull(accounts.AddToken("sato", Role.Admin, null, now, "test").Problem);
        Assert.NotNull(accounts.AddToken("tanaka", Role.CustomerViewer, new CustomerId("other"), now, "test").Problem);
        Assert.NotNull(accounts.AddToken("new", Role.CustomerViewer, null, now, "test").Problem);
        Assert.NotNull(accounts.AddToken("new", Role.Operator, Sample, now, "test").Problem);
        Assert.NotNull(accounts.AddToken("No Such Name", Role.Operator, null, now, "test").Problem);

        var narrowed = accounts.ByToken(accounts.AddToken("sato", Role.CustomerViewer, Sample, now, "test").Token!);
        Assert.Equal((Role.CustomerViewer, Sample), (narrowed!.Role, narrowed.Scope.Customer!.Value));

        var token = accounts.AddToken("sato", Role.Operator, null, now, "test").Token!;
        Assert.Null(accounts.SetDisabled("sato", true, now, "test"));
        Assert.Null(accounts.ByToken(token));
        Assert.NotNull(accounts.AddToken("sato", Role.Operator, null, now, "test").Problem);
    }

    [Theory]
    [InlineData("sato", "operator", null, "too short")]
    [InlineData("sato", "operator", null, "mr-sato-is-here")]
    [InlineData("Sato", "operator", null, Right)]
    [InlineData("", "operator", null, Right)]
    [InlineData("sa to", "operator", null, Right)]
    [InlineData("sato\n", "operator", null, Right)]
    [InlineData("sato", "operator", "sample-trading", Right)]
    [InlineData("sato", "viewer", null, Right)]
    public void An_account_that_is_not_right_is_not_made(string name, string role, string? customer, string password)
    {
        Assert.NotNull(accounts.Add(name, name, RoleWords.Parse(role)!.Value, customer is null ? null : new CustomerId(customer), password, now, "test"));
        Assert.Empty(accounts.All());
    }

    [Fact]
    public void The_audit_tells_who_did_what_and_holds_no_secret()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "admin");
        accounts.SignIn("sato", Right, now, "192.0.2.10");
        accounts.SignIn(Right, "sato", now, "192.0.2.10");
        var token = accounts.AddToken("sato", Role.Operator, null, now, "admin").Token!;
        var entries = db.Read(tx => AuditStore.Latest(tx, Scope.Across("test"), 10));

        Assert.Equal(["token-added", "sign-in-refused", "sign-in", "account-added"], entries.Select(e => e.Action));
        Assert.Equal(("sato", "192.0.2.10", now.Utc), (entries[2].Who, entries[2].Origin, entries[2].AtUtc));
        Assert.DoesNotContain(entries, e => e.ToString().Contains(Right, StringComparison.Ordinal) || e.ToString().Contains(token, StringComparison.Ordinal));
        Assert.Empty(db.Read(tx => AuditStore.Latest(tx, Scope.Of(Sample), 10)));
    }

    [Fact]
    public void A_hundred_tries_at_once_are_a_hundred()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        Parallel.For(0, 20, _ => accounts.SignIn("sato", "wrong wrong wrong", now, "192.0.2.66"));
        var refused = db.Read(tx => tx.Connection.Query<string>("select action from audit", null, tx.Transaction)).Count(a => a == "sign-in-refused");
        Assert.Equal(5, refused);
    }

    [Fact]
    public void An_address_has_twenty_wrong_tries_in_a_quarter_of_an_hour_over_all_names()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal((null, false), Answer($"name{i}", "wrong wrong wrong", now, "2001:db8::66"));

            // A right one in between neither costs nor wins anything.
            if (i < 19)
            {
                Assert.NotNull(SignIn("sato", Right, now, "2001:db8::66"));
            }
        }

        Assert.Equal((null, true), Answer("sato", Right, now, "2001:db8::66"));
        Assert.Equal((null, true), Answer("nobody", Right, now, "2001:db8::1:2:3:4"));
        Assert.NotNull(SignIn("sato", Right, now, "2001:db8:0:1::66"));
        Assert.NotNull(SignIn("sato", Right, now, "192.0.2.10"));
        Assert.Equal((null, true), Answer("sato", Right, now + TimeSpan.FromSeconds(899), "2001:db8::66"));
        Assert.NotNull(SignIn("sato", Right, now + TimeSpan.FromMinutes(15), "2001:db8::66"));
    }

    [Fact]
    public void What_is_not_a_name_is_not_kept()
    {
        accounts.SignIn("Secret Typed Into The Name", "sato", now, "192.0.2.66");
        Assert.Equal([""], db.Read(tx => tx.Connection.Query<string>("select name from sign_in_failures", null, tx.Transaction)));
    }

    [Fact]
    public void A_session_ends_with_its_password_and_when_the_account_is_disabled_for_good()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        var first = Signed();
        Assert.True(Principals.IsOf(first, accounts.SessionOf("sato")));

        var (session, problem) = accounts.ChangePassword("sato", Right, "another long password", now, "192.0.2.10");
        Assert.Null(problem);
        Assert.False(Principals.IsOf(first, accounts.SessionOf("sato")));
        var second = Principals.Of(session!, "test");
        Assert.True(Principals.IsOf(second, accounts.SessionOf("sato")));

        accounts.SetDisabled("sato", true, now, "test");
        Assert.False(Principals.IsOf(second, accounts.SessionOf("sato")));
        accounts.SetDisabled("sato", false, now, "test");
        Assert.False(Principals.IsOf(second, accounts.SessionOf("sato")));
        Assert.True(Principals.IsOf(Signed(), accounts.SessionOf("sato")));
        Assert.False(Principals.IsOf(Principals.Of(accounts.SessionOf("sato")!.Actor, "test"), accounts.SessionOf("sato")));

        System.Security.Claims.ClaimsPrincipal Signed() => Principals.Of(accounts.SessionOf("sato")!, "test");
    }

    [Fact]
    public void A_password_is_changed_by_who_knows_it_and_to_another()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test", mustChange: true);
        Assert.Equal(PeopleText.PasswordSame, accounts.ChangePassword("sato", Right, Right, now, "").Problem);
        Assert.Equal(PeopleText.PasswordShort, accounts.ChangePassword("sato", Right, "short", now, "").Problem);
        Assert.Equal(PeopleText.PasswordWrong, accounts.ChangePassword("sato", "wrong wrong wrong", "another long password", now, "").Problem);
        Assert.True(accounts.SessionOf("sato")!.MustChange);
        Assert.False(accounts.ChangePassword("sato", Right, "another long password", now, "").Session!.MustChange);
        Assert.NotNull(SignIn("sato", "another long password", now));
    }

    private Actor? SignIn(string name, string password, Moment at, string origin = "") => accounts.SignIn(name, password, at, origin).Session?.Actor;

    private (Actor?, bool) Answer(string name, string password, Moment at, string origin)
    {
        var answer = accounts.SignIn(name, password, at, origin);
        return (answer.Session?.Actor, answer.Slowed);
    }
}

/// <summary>Accounts on SQLite.</summary>
public sealed class AccountsTestsOnFile() : AccountsTests(Engine.File)
{
    [Fact]
    public void A_try_costs_one_transaction_and_one_that_must_wait_none()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        foreach (var name in new[] { "sato", "nobody", "No Name" })
        {
            var costs = Enumerable.Range(0, 7).Select(_ => Commits(() => accounts.SignIn(name, "wrong wrong wrong", now, "192.0.2.66")));
            Assert.Equal([1, 1, 1, 1, 1, 0, 0], costs);
        }

        Assert.Equal(0, Commits(() => Assert.True(accounts.SignIn("sato", Right, now, "192.0.2.66").Slowed)));
        Assert.Equal(1, Commits(() => Assert.NotNull(accounts.SignIn("sato", Right, now, "192.0.2.10").Session)));
    }

    /// <summary>Transactions in SQLite's write-ahead log: its frames that end one carry the database's size (its file format, 4.1).</summary>
    private int Commits(Action work)
    {
        var before = Count();
        work();
        return Count() - before;

        int Count()
        {
            using var file = new FileStream(database.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var log = new byte[file.Length];
            file.ReadExactly(log);
            var page = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(8));
            return Enumerable.Range(0, (log.Length - 32) / (24 + page))
                .Count(frame => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(32 + (frame * (24 + page)) + 4)) != 0);
        }
    }
}

/// <summary>Accounts on PostgreSQL.</summary>
public sealed class AccountsTestsOnServer() : AccountsTests(Engine.Server);
