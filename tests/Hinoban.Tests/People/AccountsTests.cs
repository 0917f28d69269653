using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Tests.People;

/// <summary>Accounts, tokens and the audit against a real database file.</summary>
public sealed class AccountsTests : IDisposable
{
    private const string Right = "correct horse battery";
    private static readonly CustomerId Sample = new("sample-trading");

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-people-").FullName;
    private readonly Db db;
    private readonly Accounts accounts;
    private readonly Moment now = new(new DateTimeOffset(2026, 4, 14, 3, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));

    public AccountsTests()
    {
        db = Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk);
        accounts = new Accounts(db);
    }

    public void Dispose()
    {
        db.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_right_password_gives_the_actor_and_its_scope()
    {
        Assert.Null(accounts.Add("sato", "佐藤 花子", Role.Operator, null, Right, now, "test"));
        Assert.Null(accounts.Add("tanaka", "田中 一郎", Role.CustomerViewer, Sample, Right, now, "test"));

        var sato = accounts.SignIn("sato", Right, now);
        Assert.Equal(("sato", "佐藤 花子", Role.Operator), (sato!.Name, sato.DisplayName, sato.Role));
        Assert.Null(sato.Scope.Customer);
        Assert.Equal(Sample, accounts.SignIn("tanaka", Right, now)!.Scope.Customer);
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

        Assert.Null(accounts.SignIn(name, password, now));
    }

    [Fact]
    public void Wrong_tries_make_their_origin_wait_and_nobody_else()
    {
        accounts.Add("sato", "佐藤", Role.Operator, null, Right, now, "test");
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(accounts.SignIn("sato", "wrong wrong wrong", now, "192.0.2.66"));
        }

        Assert.Null(accounts.SignIn("sato", Right, now + TimeSpan.FromSeconds(29), "192.0.2.66"));
        Assert.NotNull(accounts.SignIn("sato", Right, now + TimeSpan.FromSeconds(29), "192.0.2.10"));
        Assert.NotNull(accounts.SignIn("sato", Right, now + TimeSpan.FromSeconds(30), "192.0.2.66"));
        Assert.Null(accounts.SignIn("sato", "wrong wrong wrong", now + TimeSpan.FromSeconds(31), "192.0.2.66"));
        Assert.NotNull(accounts.SignIn("sato", Right, now + TimeSpan.FromSeconds(31), "192.0.2.66"));
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
        Assert.Equal(Role.Admin, accounts.SignIn("admin", password!, now)!.Role);
        Assert.True(accounts.MustChangePassword("admin"));
        Assert.Null(accounts.SetPassword("admin", Right, now, "admin"));
        Assert.False(accounts.MustChangePassword("admin"));
        Assert.Null(accounts.SignIn("admin", password!, now));
        Assert.NotNull(accounts.SignIn("admin", Right, now));
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
        Assert.DoesNotContain(token, File.ReadAllText(Path.Combine(folder, "desk.db-wal"), System.Text.Encoding.Latin1), StringComparison.Ordinal);

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
}
