using System.CommandLine;
using System.Globalization;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Server.Options;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban token add|list|revoke</c>; works while the desk runs.</summary>
internal static class TokenVerb
{
    internal static Command Command(Surroundings around) => new("token", CliText.Token.In(around.Language))
    {
        Add(around), List(around), Revoke(around),
    };

    private static Command Add(Surroundings around)
    {
        var language = around.Language;
        var data = CommandTree.Flag("--data", OptionText.Data, language, "DIR", required: false);
        var user = CommandTree.Flag("--user", CliText.User, language, "NAME");
        var role = CommandTree.Flag("--role", CliText.Role, language, "ROLE");
        var customer = CommandTree.Flag("--customer", CliText.Customer, language, "ID", required: false);
        var command = new Command("add", CliText.TokenAdd.In(language)) { data, user, role, customer };
        command.SetAction(parsed => Add(parsed.GetValue(data), parsed.GetValue(user)!, parsed.GetValue(role)!, parsed.GetValue(customer), around));
        return command;
    }

    private static int Add(string? data, string user, string role, string? customer, Surroundings around)
    {
        if (RoleWords.Parse(role) is not { } known)
        {
            around.Complain(CliText.RoleWrong);
            return ExitCode.Usage;
        }

        CustomerId? own = customer is null ? null : new CustomerId(customer);
        if ((AccountRules.Name(user) ?? AccountRules.Customer(known, own)) is { } wrong)
        {
            around.Complain(wrong);
            return ExitCode.Usage;
        }

        return PeopleFile.Data(data, around) is not { } folder ? ExitCode.Usage : PeopleFile.With(folder, around, accounts =>
        {
            var (token, problem) = accounts.AddToken(user, known, own, around.Now, PeopleFile.By);
            return PeopleFile.Answer(problem, around, Text.Same(token ?? ""));
        }, begin: true);
    }

    private static Command List(Surroundings around)
    {
        var data = CommandTree.Flag("--data", OptionText.Data, around.Language, "DIR", required: false);
        var command = new Command("list", CliText.TokenList.In(around.Language)) { data };
        command.SetAction(parsed => PeopleFile.Data(parsed.GetValue(data), around) is not { } folder ? ExitCode.Usage : PeopleFile.With(folder, around, accounts =>
        {
            foreach (var token in accounts.Tokens())
            {
                around.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{token.Prefix}  {token.Account}  {token.Role.Word()}  {token.Customer?.Value ?? "-"}  made {token.CreatedUtc:yyyy-MM-dd}  used {token.LastUsedDay?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-"}{(token.RevokedUtc is { } at ? $"  revoked {at:yyyy-MM-dd}" : "")}"));
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Revoke(Surroundings around)
    {
        var data = CommandTree.Flag("--data", OptionText.Data, around.Language, "DIR", required: false);
        var prefix = new Argument<string>("PREFIX") { Description = CliText.TokenPrefix.In(around.Language) };
        var command = new Command("revoke", CliText.TokenRevoke.In(around.Language)) { prefix, data };
        command.SetAction(parsed => PeopleFile.Data(parsed.GetValue(data), around) is not { } folder ? ExitCode.Usage : PeopleFile.With(folder, around, accounts =>
        {
            var word = parsed.GetValue(prefix)!;
            var done = accounts.RevokeToken(word, around.Now, PeopleFile.By);
            return PeopleFile.Answer(done ? null : CliText.NoSuchToken, around, CliText.Done(word));
        }));
        return command;
    }
}
