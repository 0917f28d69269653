using Hinoban.Basics;

namespace Hinoban.Server.Verbs;

/// <summary>What <c>hinoban migrate</c> says.</summary>
internal static class MigrateText
{
    internal static readonly Text What = new("監視センターのデータベースをSQLiteとPostgreSQLの間で移します", "Carry the desk's database between SQLite and PostgreSQL");
    internal static readonly Text To = new(
        "移行先: postgres(database または database_file の設定が示すサーバー)、sqlite(データフォルダの desk.db)",
        "where to: postgres (the server that the settings database or database_file name) or sqlite (desk.db in the data folder)");

    internal static readonly Text ToWhat = new("--to は postgres か sqlite です", "--to is postgres or sqlite");
    internal static readonly Text NoServer = new(
        "PostgreSQLの設定がありません。データフォルダの hinoban.yaml に database または database_file を書くか、環境変数 HINOBAN_DATABASE を設定してください",
        "No PostgreSQL is set: write database or database_file into hinoban.yaml in the data folder, or set the variable HINOBAN_DATABASE");

    internal static Text Running(string node, string where) => new(
        $"{where} は {node} が使用中です。監視センターを停止してから移行してください", $"{where} is in use by {node}: stop the desk first");

    internal static Text Refused(Text why) => new($"移行できません(移行先は変更されていません): {why.Ja}", $"Not migrated, and the target is as it was: {why.En}");

    internal static Text Done(string where) => new(
        $"{where} に移行し、全表の件数とハッシュを照合しました。移行元はそのまま残っています",
        $"Everything is in {where} now; rows and hashes of every table were compared. The source is left as it was");
}
