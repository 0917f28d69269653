using System.CommandLine;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Server.Options;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban account add|password|list|disable|enable</c>; works while the desk runs.</summary>
internal static class AccountVerb
{
    internal static Command Command(Surroundings around) => new("account", CliText.Account.In(around.Language))
    {
        Add(around), Password(around), List(around), Switch(around, disable: true), Switch(around, disable: false),
    };

    private static Command Add(Surroundings around)
    {
        var language = around.Language;
        var data = Data(around);
        var user = CommandTree.Flag("--user", CliText.AccountName, language, "NAME");
        var display = CommandTree.Flag("--display-name", CliText.DisplayName, language, "NAME", required: false);
        var role = CommandTree.Flag("--role", CliText.Role, language, "ROLE");
        var customer = CommandTree.Flag("--customer", CliText.Customer, language, "ID", required: false);
        var stdin = new Option<bool>("--password-stdin") { Description = CliText.FromStdin.In(language) };
        var command = new Command("add", CliText.AccountAdd.In(language)) { data, user, display, role, customer, stdin };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(user)!;
            if (RoleWords.Parse(parsed.GetValue(role)!) is not { } known)
            {
                around.Complain(CliText.RoleWrong);
                return ExitCode.Usage;
            }

            CustomerId? own = parsed.GetValue(customer) is { } id ? new CustomerId(id) : null;
            return WithPassword(parsed.GetValue(data), parsed.GetValue(stdin), around, (accounts, password, oneTime) => PeopleFile.Answer(
                accounts.Add(name, parsed.GetValue(display) ?? name, known, own, password, around.Now, PeopleFile.By, oneTime),
                around,
                oneTime ? CliText.PasswordIs(name, password) : CliText.AccountMade(name)), begin: true);
        });
        return command;
    }

    private static Command Password(Surroundings around)
    {
        var data = Data(around);
        var user = CommandTree.Flag("--user", CliText.AccountName, around.Language, "NAME");
        var stdin = new Option<bool>("--password-stdin") { Description = CliText.FromStdin.In(around.Language) };
        var command = new Command("password", CliText.AccountPassword.In(around.Language)) { data, user, stdin };
        command.SetAction(parsed => WithPassword(parsed.GetValue(data), parsed.GetValue(stdin), around, (accounts, password, oneTime) => PeopleFile.Answer(
            accounts.SetPassword(parsed.GetValue(user)!, password, around.Now, PeopleFile.By, oneTime),
            around,
            oneTime ? CliText.PasswordIs(parsed.GetValue(user)!, password) : CliText.PasswordSet(parsed.GetValue(user)!))));
        return command;
    }

    private static Command List(Surroundings around)
    {
        var data = Data(around);
        var command = new Command("list", CliText.AccountList.In(around.Language)) { data };
        command.SetAction(parsed => PeopleFile.Data(parsed.GetValue(data), around) is not { } folder ? ExitCode.Usage : PeopleFile.With(folder, around, accounts =>
        {
            foreach (var account in accounts.All())
            {
                around.Out.WriteLine(
                    $"{account.Name}  {account.Role.Word()}  {account.Customer?.Value ?? "-"}  {account.DisplayName}"
                    + $"{(account.Disabled ? "  disabled" : "")}{(account.PasswordHash.Length == 0 ? "  api-only" : "")}");
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Switch(Surroundings around, bool disable)
    {
        var data = Data(around);
        var user = CommandTree.Flag("--user", CliText.AccountName, around.Language, "NAME");
        var command = new Command(disable ? "disable" : "enable", (disable ? CliText.AccountDisable : CliText.AccountEnable).In(around.Language)) { data, user };
        command.SetAction(parsed => PeopleFile.Data(parsed.GetValue(data), around) is not { } folder ? ExitCode.Usage : PeopleFile.With(folder, around, accounts =>
            PeopleFile.Answer(accounts.SetDisabled(parsed.GetValue(user)!, disable, around.Now, PeopleFile.By), around, CliText.Done(parsed.GetValue(user)!))));
        return command;
    }

    /// <summary>A password never stands on the command line, where every user of the machine could read it.</summary>
    private static int WithPassword(string? data, bool stdin, Surroundings around, Func<Accounts, string, bool, int> work, bool begin = false)
    {
        if (PeopleFile.Data(data, around) is not { } folder)
        {
            return ExitCode.Usage;
        }

        var password = stdin ? around.In.ReadLine() : Accounts.OneTimePassword();
        if (string.IsNullOrEmpty(password))
        {
            around.Complain(CliText.NoPasswordGiven);
            return ExitCode.Usage;
        }

        return PeopleFile.With(folder, around, accounts => work(accounts, password, !stdin), begin);
    }

    private static Option<string> Data(Surroundings around) => CommandTree.Flag("--data", OptionText.Data, around.Language, "DIR", required: false);
}
