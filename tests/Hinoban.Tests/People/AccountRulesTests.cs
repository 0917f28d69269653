using Hinoban.Basics;
using Hinoban.People;

namespace Hinoban.Tests.People;

/// <summary>What names and passwords must look like, and for whom an account is.</summary>
public sealed class AccountRulesTests
{
    private static readonly CustomerId Customer = new("sample");
    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sato", true)]
    [InlineData("s", true)]
    [InlineData("sato.taro_2-x", true)]
    [InlineData("a2345678901234567890123456789012", true)]
    [InlineData("a23456789012345678901234567890123", false)]
    [InlineData("Sato", false)]
    [InlineData("2sato", false)]
    [InlineData("sato\n", false)]
    [InlineData("", false)]
    public void A_name(string name, bool right) => Assert.Equal(right ? null : PeopleText.NameWrong, AccountRules.Name(name));

    [Theory]
    [InlineData("sato", "elevenchars", false)]
    [InlineData("sato", "twelve chars", true)]
    [InlineData("sato", "I am SATO the great", false)]
    [InlineData("abc", "my abc is long enough", false)]
    [InlineData("ab", "my abc is long enough", true)] // two letters are in everything
    public void A_password(string name, string password, bool right)
    {
        var wrong = password.Length < 12 ? PeopleText.PasswordShort : PeopleText.PasswordIsName;
        Assert.Equal(right ? null : wrong, AccountRules.Password(name, password));
    }

    [Fact]
    public void A_password_is_not_changed_to_itself()
    {
        Assert.Equal(PeopleText.PasswordSame, AccountRules.Change("twelve chars", "twelve chars"));
        Assert.Null(AccountRules.Change("twelve chars", "other chars!"));
    }

    [Fact]
    public void A_customers_account_names_the_customer_and_no_others_does() => Assert.All(Enum.GetValues<Role>(), role =>
    {
        var ofCustomer = role <= Role.CustomerViewer;
        Assert.Equal(ofCustomer ? null : PeopleText.CustomerNotNeeded, AccountRules.Customer(role, Customer));
        Assert.Equal(ofCustomer ? PeopleText.CustomerNeeded : null, AccountRules.Customer(role, null));
    });

    [Fact]
    public void Programs_are_nobody() => Assert.All(Enum.GetValues<Role>(), role => Assert.Equal(role == Role.Sender ? PeopleText.SenderIsNobody : null, AccountRules.Person(role)));

    [Theory]
    [InlineData(5, 30, true)]
    [InlineData(5, -899, false)]
    [InlineData(5, -900, false)]
    [InlineData(5, -901, true)] // the clock was set back by more than anybody has to wait
    [InlineData(7, 119, false)]
    [InlineData(7, 120, true)]
    public void Wrong_tries_cost_time(int tries, int secondsLater, bool may) => Assert.Equal(may, AccountRules.MayTry(tries, Now, Now.AddSeconds(secondsLater)));

    [Fact]
    public void An_address_has_twenty_wrong_tries_in_a_quarter_of_an_hour()
    {
        var guard = new SignInGuard();
        bool Try(int name, TimeSpan later)
        {
            var looked = guard.Begin($"user{name}", "192.0.2.1", new Moment(Now + later, later), () => (0, null));
            if (looked)
            {
                guard.End($"user{name}", "192.0.2.1", right: false);
            }

            return looked;
        }

        Assert.All(Enumerable.Range(1, 20), i => Assert.True(Try(i, TimeSpan.Zero)));
        Assert.False(Try(21, TimeSpan.Zero));
        Assert.False(Try(21, TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1)));
        Assert.True(Try(21, TimeSpan.FromMinutes(15)));
    }

    [Fact]
    public void A_wrong_try_is_remembered_for_a_day() => Assert.Equal(TimeSpan.FromDays(1), AccountRules.Memory);

    [Fact]
    public void Without_a_last_try_there_is_nothing_to_wait_for() => Assert.True(AccountRules.MayTry(9, null, Now));
}
