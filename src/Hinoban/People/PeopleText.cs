using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>Why an account or a token cannot be made as asked.</summary>
internal static class PeopleText
{
    internal static Text NameWrong { get; } = new(
        "アカウント名は英小文字で始め、英小文字・数字・「.」「-」「_」の32文字以内で指定してください",
        "An account name starts with a lower-case letter and has at most 32 lower-case letters, digits, '.', '-' and '_'");

    internal static Text PasswordShort { get; } = new(
        $"パスワードは{AccountRules.PasswordLength}文字以上にしてください", $"A password has at least {AccountRules.PasswordLength} characters");

    internal static Text PasswordIsName { get; } = new(
        "パスワードにアカウント名を含めないでください", "A password must not contain the account's name");

    internal static Text PasswordSame { get; } = new(
        "現在のものとは異なるパスワードにしてください", "The new password must differ from the current one");

    internal static Text PasswordWrong { get; } = new("現在のパスワードが違います", "The current password is wrong");

    internal static Text TooManyTries { get; } = new(
        "パスワードの誤りが続いたため、確認を一時停止しています。しばらく待ってからやり直してください",
        "Too many wrong passwords: wait a while, then try again");

    internal static Text CustomerNeeded { get; } = new(
        "閲覧者(viewer)と結果の送信元(sender)にはお客様IDが必要です", "A viewer or a sender needs the customer whose data it may see or post");

    internal static Text CustomerNotNeeded { get; } = new(
        "お客様IDを指定できるのは閲覧者(viewer)と結果の送信元(sender)だけです", "Only a viewer or a sender belongs to a customer");

    internal static Text SenderIsNobody { get; } = new(
        "権限 sender はAPIトークン専用です。hinoban token add で発行してください", "The role sender is for API tokens only; 'hinoban token add' makes one");

    internal static Text Exists(string name) => new($"アカウント「{name}」はすでにあります", $"The account '{name}' exists already");

    internal static Text Missing(string name) => new($"アカウント「{name}」はありません", $"There is no account '{name}'");

    internal static Text Disabled(string name) => new($"アカウント「{name}」は無効です", $"The account '{name}' is disabled");

    internal static Text RoleWider(string name, Role has) => new(
        $"アカウント「{name}」の権限は {has.Word()} です。それを超えるトークンは発行できません",
        $"The account '{name}' is {has.Word()}; a token cannot have more rights than its account");

    internal static Text OtherCustomer(string name) => new(
        $"アカウント「{name}」は別のお客様のものです", $"The account '{name}' belongs to another customer");
}
