using Hinoban.Basics;

namespace Hinoban.Server.Demo;

/// <summary>What the demo says, in the terminal and on its pages.</summary>
internal static class DemoText
{
    internal static readonly Text NeedsNginx = new(
        "デモには nginx が必要です。./dev demo で自動的に導入されます(または apt-get install nginx-light)",
        "The demo needs nginx; ./dev demo installs it (or apt-get install nginx-light)");

    internal static readonly Text NoSsh = new(
        "OpenSSHサーバーがないため、手順書の自動実行はできません(apt-get install openssh-server)",
        "There is no OpenSSH server, so the runbook cannot log in (apt-get install openssh-server)");

    internal static readonly Text NotRunning = new("動いているデモはありません", "No demo is running");

    internal static Text Broken(Uri demo) => new(
        $"デモ({demo})のWebサーバーを停止しました。15秒ほどでアラートが届きます", $"The web server of the demo at {demo} is stopped; the alert comes within about 15 seconds");

    internal static Text Mended(Uri demo) => new($"デモ({demo})のWebサーバーは動いています", $"The web server of the demo at {demo} runs");

    internal static Text Several(string what, IReadOnlyList<Uri> demos) => new(
        $"動いているデモが{demos.Count}つあります。どれかを選んでください:\n{Choices(what, demos)}", $"{demos.Count} demos are running. Say which one:\n{Choices(what, demos)}");

    internal static Text NoneThere(string url, IReadOnlyList<Uri> demos) => new(
        $"{url} で動いているデモはありません。動いているデモ: {string.Join("、", demos)}", $"No demo is running at {url}. Running: {string.Join(", ", demos)}");

    private static string Choices(string what, IReadOnlyList<Uri> demos) => string.Join('\n', demos.Select(d => $"  hinoban demo {what} --url {d}"));

    internal static readonly Text Title = new("火の番 デモ", "Hinoban demo");
    internal static readonly Text Mailbox = new("メールボックス", "Mailbox");
    internal static readonly Text MailboxOf = new("お客様と監視センターに届いたメール", "Mails as they arrived at the customer and at the desk");
    internal static readonly Text NoMails = new("まだメールはありません。Webサーバーを停止してみてください。", "No mail yet. Stop the web server.");
    internal static readonly Text Stage = new("お客様のWebサーバー", "The customer's web server");
    internal static readonly Text Runs = new("稼働中", "running");
    internal static readonly Text Stopped = new("停止中", "stopped");
    internal static readonly Text BreakIt = new("停止する(障害を起こす)", "Stop it (cause an incident)");
    internal static readonly Text MendIt = new("起動する", "Start it");
    internal static readonly Text OpenConsole = new("監視センターの画面を開く", "Open the desk");
    internal static readonly Text OpenMailbox = new("メールボックスを開く", "Open the mailbox");
    internal static readonly Text OpenSite = new("お客様のWebサイトを見る", "Look at the customer's web site");
    internal static readonly Text HowTo = new("体験の流れ", "What to do");
    internal static readonly Text To = new("宛先", "To");
    internal static readonly Text From = new("差出人", "From");
    internal static readonly Text Thread = new("同じスレッド", "same thread");
    internal static readonly Text Source = new("ソースを表示", "source");
    internal static readonly Text Envelopes = new("通", "mails");

    internal static readonly Text[] Steps =
    [
        new("「停止する」を押します(または別の端末で ./dev demo break)。", "Press \"Stop it\" (or in another terminal: ./dev demo break)."),
        new("15秒ほどで2拠点が障害と判定し、アラートメールがメールボックスに届きます。", "Within about 15 seconds two sites agree, and the alert mails arrive in the mailbox."),
        new("監視センターの画面でインシデントを開き、「対応開始」を押します(キー c)。", "Open the incident at the desk and claim it (key c)."),
        new("手順書の手順を順に実行します。変更の手順はホストとコマンドを確認してから実行されます。", "Run the runbook step by step; the change step shows host and exact command first."),
        new("リカバリーメールが同じスレッドに届きます。原因を書き足して対応報告を送信します。", "The recovery mail arrives in the same thread. Complete the response report and send it."),
    ];

    internal static Text Console(string url, string name, string password) => new(
        $"  監視センター画面  {url}\n  サインイン        {name} / {password}", $"  desk              {url}\n  sign in           {name} / {password}");

    internal static Text Page(string url) => new($"  デモの操作        {url}demo\n  メールボックス    {url}demo/mailbox", $"  break and mend    {url}demo\n  mailbox           {url}demo/mailbox");

    internal static readonly Text End = new("終了するには Ctrl-C を押してください。", "Ctrl-C ends it.");
}
