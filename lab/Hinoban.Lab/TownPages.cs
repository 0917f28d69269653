namespace Hinoban.Lab;

/// <summary>What the town's web server serves.</summary>
internal static class TownPages
{
    internal const string Front =
        """
        <!doctype html>
        <html lang="ja"><head><meta charset="utf-8"><title>サンプル商事株式会社</title>
        <style>body{font-family:system-ui,sans-serif;margin:4rem auto;max-width:36rem;color:#223}h1{font-weight:600}</style></head>
        <body><h1>サンプル商事株式会社<br><small>Sample Trading</small></h1>
        <p>このページは火の番のデモが監視している本物のWebサーバーです。<br>A real web server, watched by the Hinoban demo.</p></body></html>

        """;
}
