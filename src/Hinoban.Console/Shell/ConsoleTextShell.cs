using Hinoban.Basics;
using Hinoban.People;

namespace Hinoban.Console.Shell;

/// <summary>The words around every page: navigation, state of the connection, sign-in, errors.</summary>
internal static class ConsoleTextShell
{
    internal static Text Product { get; } = new("火の番", "Hinoban");

    internal static Text Tagline { get; } = new("24時間365日の監視と一次対応", "Monitoring and first response, around the clock");

    internal static Text Desk { get; } = new("監視センター", "Desk");

    internal static Text Hosts { get; } = new("ホスト", "Hosts");

    internal static Text Silences { get; } = new("静観・抑止", "Silences");

    internal static Text Sites { get; } = new("拠点", "Sites");

    internal static Text Mails { get; } = new("メール", "Mails");

    internal static Text Customers { get; } = new("お客様", "Customers");

    internal static Text Account { get; } = new("設定", "Settings");

    internal static Text Main { get; } = new("メニュー", "Menu");

    internal static Text SkipToContent { get; } = new("本文へ", "Skip to content");

    internal static Text Live { get; } = new("ライブ", "Live");

    internal static Text NotLive { get; } = new("更新が途切れています。表示は古い可能性があります。", "No longer live: what you see may be old.");

    internal static Text Reconnecting { get; } = new("再接続しています…", "Reconnecting…");

    internal static Text SessionEnded { get; } = new("サインインが切れました。", "Your session has ended.");

    internal static Text SignInAgain { get; } = new("もう一度サインインする", "Sign in again");

    internal static Text Sound { get; } = new("新着音", "Sound");

    internal static Text SoundNeedsTouch { get; } = new("クリックで音を有効にしてください", "Click once to allow sound");

    internal static Text Keyboard { get; } = new("キー操作", "Keyboard");

    internal static Text Theme { get; } = new("表示テーマ", "Theme");

    internal static Text ThemeLight { get; } = new("ライト", "Light");

    internal static Text ThemeDark { get; } = new("ダーク", "Dark");

    internal static Text ThemeSystem { get; } = new("OSに合わせる", "As the system");

    internal static Text LanguageWord { get; } = new("言語", "Language");

    internal static Text Zone { get; } = new("タイムゾーン", "Time zone");

    internal static Text ZoneHint(string zone) => new($"空欄なら監視センターの標準({zone})で表示します", $"Leave empty for the desk's own ({zone})");

    internal static Text ZoneUnknown { get; } = new("このタイムゾーンはありません。", "There is no such time zone.");

    internal static Text Save { get; } = new("保存", "Save");

    internal static Text SignIn { get; } = new("サインイン", "Sign in");

    internal static Text SignOut { get; } = new("サインアウト", "Sign out");

    internal static Text Name { get; } = new("アカウント名", "Account name");

    internal static Text Password { get; } = new("パスワード", "Password");

    internal static Text WrongSignIn { get; } = new("アカウント名またはパスワードが違います。", "Account name or password is wrong.");

    internal static Text NewPassword { get; } = new("新しいパスワード", "New password");

    internal static Text PasswordHint(int least) => new($"{least}文字以上", $"at least {least} characters");

    internal static Text NewPasswordAgain { get; } = new("新しいパスワード(確認)", "New password, again");

    internal static Text CurrentPassword { get; } = new("現在のパスワード", "Current password");

    internal static Text ChangePassword { get; } = new("パスワードを変更", "Change password");

    internal static Text PasswordChanged { get; } = new("パスワードを変更しました。", "Password changed.");

    internal static Text PasswordsDiffer { get; } = new("新しいパスワードが一致しません。", "The new passwords differ.");

    internal static Text MustChange { get; } = new("発行された一時パスワードを使用中です。新しいパスワードを設定してください。", "You are using a one-time password. Please choose your own.");

    internal static Text Saved { get; } = new("保存しました。", "Saved.");

    internal static Text NobodyWaits { get; } = new("未対応なし", "None unclaimed");

    internal static Text Unclaimed(int count) => new($"未対応 {count}", $"{count} unclaimed");

    internal static Text MailTrouble(int count) => new($"メール障害 {count}", $"Mail trouble {count}");

    internal static Text SiteUp { get; } = new("接続中", "connected");

    internal static Text SiteDown { get; } = new("切断", "cut off");

    internal static Text RoleWord(Role role) => role switch
    {
        Role.Sender => new("結果の送信元", "Sender"),
        Role.CustomerViewer => new("閲覧者", "Viewer"),
        Role.Operator => new("オペレーター", "Operator"),
        Role.Lead => new("リーダー", "Lead"),
        Role.Admin => new("管理者", "Administrator"),
    };

    internal static Text ErrorTitle(int status) => status switch
    {
        400 => new("このフォームは古くなっています", "This form is out of date"),
        403 => new("権限がありません", "Not allowed"),
        404 => new("見つかりません", "Not found"),
        405 => new("この操作はありません", "Not possible here"),
        413 => new("送信された内容が大きすぎます", "Too large"),
        503 => new("現在、書き込みができません", "Nothing can be recorded now"),
        _ => new("内部エラーが発生しました", "Something went wrong on our side"),
    };

    internal static Text ErrorDetail(int status) => status switch
    {
        400 => new("ページを開き直してから、もう一度操作してください。操作は実行されていません。", "Open the page again and repeat. Nothing was done."),
        403 => new("この操作はあなたの役割では行えません。操作は実行されていません。", "Your role does not allow this. Nothing was done."),
        405 => new("このURLでこの操作は行えません。", "This page does not take that kind of request."),
        413 => new("内容を短くして、もう一度送信してください。操作は実行されていません。", "Make it shorter and send it again. Nothing was done."),
        503 => new(
            "監視センターのディスクまたはデータベースに障害があります。操作は実行されていません。管理者に連絡してください。",
            "The desk's disk or database is in trouble. Nothing was done. Tell the administrator."),
        404 => new("ページがないか、閲覧できる範囲の外にあります。", "There is no such page, or it is outside what you may see."),
        _ => new("記録しました。操作が実行されたかどうかは、対象のページで確認してください。", "It has been recorded. Please check on the page concerned whether your action took effect."),
    };

    internal static Text NotSent { get; } = new("サーバーに届きませんでした。操作が実行されたかどうかを確認してください。", "The server did not answer. Please check whether your action took effect.");

    internal static Text BackToDesk { get; } = new("監視センターへ戻る", "Back to the desk");

    internal static Text KeyMove { get; } = new("下/上のインシデントへ", "next / previous incident");

    internal static Text KeyOpen { get; } = new("開く", "open");

    internal static Text KeyClaim { get; } = new("対応開始", "claim");

    internal static Text KeyNote { get; } = new("メモを書く", "write a note");

    internal static Text KeyGo { get; } = new("監視センター/ホスト/拠点/メールへ", "to desk / hosts / sites / mails");

    internal static Text KeySearch { get; } = new("検索", "search");

    internal static Text KeyBack { get; } = new("監視センターへ戻る", "back to the desk");

    internal static Text KeyHelp { get; } = new("この一覧", "this list");

    internal static Text Close { get; } = new("閉じる", "Close");

    internal static Text CopyDone { get; } = new("コピーしました", "Copied");
}
