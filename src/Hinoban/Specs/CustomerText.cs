using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with customers, their people, hosts and editions, and what would be right.</summary>
internal static class CustomerText
{
    internal static readonly Text Customer = new("お客様の記述", "a customer");
    internal static readonly Text CustomerId = new("お客様ID", "a customer's id");
    internal static readonly Text MailingList = new("メーリングリスト", "the mailing list");
    internal static readonly Text Member = new("登録者", "a member");
    internal static readonly Text Contact = new("連絡先", "a contact");
    internal static readonly Text Host = new("ホスト", "a host");
    internal static readonly Text HostName = new("ホスト名", "a host's name");
    internal static readonly Text FormerHostName = new("ホストの以前の名前", "a host's former name");
    internal static readonly Text ProvidersSites = new("事業者の監視拠点", "the provider's sites");
    internal static readonly Text CustomersSites = new("お客様の監視拠点", "the customer's sites");
    internal static readonly Text SiteName = new("監視拠点名", "a site name");
    internal static readonly Text Address = new("アドレス", "an address");
    internal static readonly Text AddressRight = new("IPv4・IPv6アドレスまたはDNS名を書いてください", "write an IPv4 or IPv6 address, or a DNS name");
    internal static readonly Text MailAddress = new("メールアドレス", "a mail address");
    internal static readonly Text MailRight = new("`tanaka@example.jp` のように書いてください", "write for instance `tanaka@example.jp`");
    internal static readonly Text Phone = new("電話番号", "a phone number");
    internal static readonly Text PhoneRight = new("数字・空白・ハイフンで \"+81 3-0000-0000\" のように書いてください", "write digits, spaces and hyphens, for instance \"+81 3-0000-0000\"");
    internal static readonly Text User = new("ユーザー名", "a user name");
    internal static readonly Text UserRight = new("英字で始まる英数字・`_`・`-`・`.` で書いてください", "write letters, digits, `_`, `-` and `.`, a letter first");
    internal static readonly Text HostKey = new("SSHホスト鍵", "an SSH host key");
    internal static readonly Text HostKeyRight = new(
        "/etc/ssh/ssh_host_ed25519_key.pub の先頭2語 `ssh-ed25519 AAAA…` を写してください", "copy the first two words of /etc/ssh/ssh_host_ed25519_key.pub, `ssh-ed25519 AAAA…`");
    internal static readonly Text PinOne = new("1つ以上固定してください。経路上の誰でもそのホストになりすませます", "pin at least one, or anybody on the way can pose as the host");
    internal static readonly Text NameASite = new("監視拠点を1つ以上書くか、キーごと省いてください", "name at least one site, or leave the key out");
    internal static readonly Text EachSiteOnce = new("監視拠点は1回ずつ書いてください", "name each site once");
    internal static readonly Text NoHost = new("ホストが1台も書かれていません", "no host is written");
    internal static readonly Text NothingWatched = new("このお客様については何も監視されません", "nothing is watched for this customer");
    internal static readonly Text IanaZone = new("`Asia/Tokyo` のようなIANAの名前を書いてください", "write an IANA name such as `Asia/Tokyo`");
    internal static readonly Text NamesNoCustomer = new("ファイルにお客様のIDがありません", "the file names no customer");
    internal static readonly Text NamesNoCustomerRight = new(
        "`customer: some-id` から書き始めるか、お客様ごとに別のフォルダに分けてください", "begin with `customer: some-id`, or put each customer's files into a folder of its own");
    internal static readonly Text OwnId = new("お客様ごとに別のIDにしてください", "give each customer its own id");
    internal static readonly Text AnotherId = new("別のIDにしてください", "choose another id");
    internal static readonly Text OthersMails = new("互いのメールが届いてしまいます", "each would read the other's mails");
    internal static readonly Text CertificateRight = new("監視項目に `host_name` を指定するか、`verify: false` としてください", "give the check a `host_name`, or write `verify: false`");
    internal static readonly Text WasRight = new(
        "`was` には以前の名前を書きます。古いホストの記述は削除してください", "`was` names what this host was called before; take the old host out");
    internal static readonly Text OneHistory = new("履歴を引き継げるのは1台だけです", "only one can carry its history on");
    internal static readonly Text ParentsRight = new(
        "ホスト名、そのリスト、`{ any: [sw1, sw2] }`(どれか1つで届く)、`{ all: [sw1, sw2] }`(すべて必要)のいずれかを書いてください",
        "write a host, a list of hosts, `{ any: [sw1, sw2] }` (one of them is enough) or `{ all: [sw1, sw2] }` (all of them are needed)");
    internal static readonly Text DeviceBefore = new("手前の機器を書くか、`parents` を省いてください", "name the device before it, or leave `parents` out");
    internal static readonly Text NearerSites = new("親機器は子よりも監視拠点側にあります", "a parent lies nearer to the sites than its child");
    internal static readonly Text CallOrder = new("架電順のリストにしてください", "write a list, in calling order");
    internal static readonly Text OneMember = new("1人以上の登録者のリストを書いてください", "write a list with at least one member");
    internal static readonly Text NoMailbox = new("登録者に desk がありますが、`mail.desk_mailbox` が設定されていません", "the desk is a member, but no `mail.desk_mailbox` is configured");
    internal static readonly Text NoMailboxRight = new(
        "監視センターに控えが届かず、SLOの計時は別の登録者への配送で始まります。事業者の設定で `mail.desk_mailbox` を指定してください",
        "it gets no copy, and the SLO clock starts at another member's; set `mail.desk_mailbox` in the provider's configuration");
    internal static readonly Text DeskHasMail = new("desk の登録者に `mail` が書かれています", "the desk has a `mail` here");
    internal static readonly Text DeskMailRight = new("監視センターの宛先は事業者の設定にあります。省いてください", "the provider's configuration names the desk's mailbox; leave it out");
    internal static readonly Text AddressOnce = new("アドレスは1回ずつ書いてください", "list each address once");
    internal static readonly Text DeskOnce = new("`{ desk: true }` は1回だけ書いてください", "list `{ desk: true }` once");

    internal static Text IsTheProvider(string id) => new($"{Shown.As(id)} は監視事業者自身のIDです", $"{Shown.As(id)} is the monitoring provider itself");

    internal static Text NotAZone(string zone) => new($"{Shown.As(zone)} はタイムゾーンではありません", $"{Shown.As(zone)} is not a time zone");

    internal static Text AlreadyIn(string customer, string file, int line) => new(
        $"お客様 {Shown.As(customer)} は {file}:{line} にもあります", $"customer {Shown.As(customer)} is already in {file}:{line}");

    internal static Text SameList(string customer) => new(
        $"メーリングリストがお客様 {Shown.As(customer)} と同じです", $"the mailing list is also that of customer {Shown.As(customer)}");

    internal static Text ExpectsCertificate(string item, string address) => new(
        $"{Shown.As(item)} は、アドレス {address} に対して発行された証明書を期待します", $"{Shown.As(item)} expects a certificate for the address {address}");

    internal static Text HostOfToday(string host) => new($"{Shown.As(host)} は現在のホスト名です", $"{Shown.As(host)} is a host of today");

    internal static Text AlreadyWas(string host, int line) => new(
        $"{Shown.As(host)} は{line}行目のホストの以前の名前でもあります", $"another host already was {Shown.As(host)}, in line {line}");

    internal static Text OwnParent(string host) => new($"{Shown.As(host)} が自分自身の親機器になっています", $"{Shown.As(host)} is its own parent");

    internal static Text NoSuchHost(string host) => new($"ホスト {Shown.As(host)} はありません", $"there is no host {Shown.As(host)}");

    internal static Text NoSuchVendor(string vendor) => new($"ベンダー {Shown.As(vendor)} は `vendors` にありません", $"there is no vendor {Shown.As(vendor)} under `vendors`");

    internal static readonly Text Vendor = new("ベンダー", "a vendor");
    internal static readonly Text VendorName = new("ベンダー名", "the vendor's name");

    internal static readonly Text ParentsEither = new("`parents` には `any` か `all` のどちらか一方を書きます", "`parents` has either `any` or `all`");

    internal static Text Circle(string path) => new($"親機器の指定が循環しています: {path}", $"parents go in a circle: {path}");

    internal static Text SiteTwice(string site) => new($"監視拠点 {Shown.As(site)} が2回書かれています", $"site {Shown.As(site)} is here twice");

    internal static Text NotOneOf(string name, Text owner) => new($"{Shown.As(name)} は{owner.Ja}ではありません", $"{Shown.As(name)} is not one of {owner.En}");

    internal static Text MailTwice(string mail, int line) => new(
        $"{Shown.As(mail)} には同じメールが2通ずつ届きます(最初は{line}行目)", $"{Shown.As(mail)} gets every mail twice, first in line {line}");

    internal static Text DeskTwice(int line) => new($"`desk` が2回登録者になっています(最初は{line}行目)", $"`the desk` is a member twice, first in line {line}");

    internal static Text NoCalendar(string name) => new($"カレンダー {Shown.As(name)} はありません", $"there is no calendar {Shown.As(name)}");

    internal static Text SameEdition(int edition) => new($"第{edition}版は別の内容で発効していました", $"edition {edition} was in force with another text");

    internal static Text EditionBack(int edition, int last) => new($"第{last}版のあとに第{edition}版が来ています", $"edition {edition} comes after edition {last}");

    internal static Text TakenAsApproved(int revision, int next) => new(
        $"ファイルの管理者が承認した変更として受け付けました(revision {revision})。次は第{next}版としてください",
        $"taken as a change that the file's owner approved (revision {revision}); the next edition should be {next}");

    internal static Text Gone(string customer) => new($"お客様 {Shown.As(customer)} の記述がファイルからなくなりました", $"customer {Shown.As(customer)} is no longer in the files");

    internal static Text NoLongerWatched(int items) => new(
        $"監視項目{items}件の監視を終了しました", $"its {Counted.Of(items, "item")} {(items == 1 ? "is" : "are")} no longer watched");
}
