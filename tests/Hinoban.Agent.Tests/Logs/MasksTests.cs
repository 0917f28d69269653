using Hinoban.Agent.Logs;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>What is illegible before it is written anywhere, and what stays.</summary>
public sealed class MasksTests
{
    [Theory]
    [InlineData("login failed for taro.yamada+x@mail.example.co.jp from 192.0.2.1", "login failed for *** from 192.0.2.1")]
    [InlineData("card 4111111111111111 declined", "card *** declined")]
    [InlineData("card 4111-1111-1111-1111 declined", "card *** declined")]
    [InlineData("card 3782 822463 10005.", "card ***.")]
    [InlineData("order 4111111111111112 shipped", "order 4111111111111112 shipped")]
    [InlineData("at 1763905200123 took 12 ms", "at 1763905200123 took 12 ms")]
    [InlineData("tel 03-1234-5678, 090-1234-5678, 09012345678, 0120-123-456, +81 90 1234 5678", "tel ***, ***, ***, ***, ***")]
    [InlineData("2026-11-23 13:46:01 pid 12345 port 8080", "2026-11-23 13:46:01 pid 12345 port 8080")]
    [InlineData("password=hunter2&user=x", "password=***&user=x")]
    [InlineData("""{"api_key": "abc.def", "id": 7}""", """{"api_key": "***", "id": 7}""")]
    [InlineData("Authorization: Bearer eyJhbGciOi", "Authorization: Bearer ***")]
    [InlineData("PASSWD : geheim; next", "PASSWD : ***; next")]
    [InlineData("password=\"my secret word\" user=x", "password=\"***\" user=x")]
    [InlineData("""{"password":"a,b&c;d \"e' f","id":7}""", """{"password":"***","id":7}""")]
    [InlineData("""{\"token\":\"a b\",\"id\":7}""", """{\"token\":\"***\",\"id\":7}""")]
    [InlineData("password='broken off, here", "password='***")]
    [InlineData("password=\"\" user=x", "password=\"\" user=x")]
    [InlineData("Cookie: JSESSIONID=1; remember=abc\nnext", "Cookie: ***\nnext")]
    [InlineData("curl -H 'Cookie: a=1; b=\"2\"' http://x/", "curl -H 'Cookie: ***' http://x/")]
    [InlineData("Authorization: Digest username=\"a\", response=\"b\"", "Authorization: Digest ***")]
    [InlineData("""{"authorization": "Bearer a b", "id": 7}""", """{"authorization": "Bearer ***", "id": 7}""")]
    [InlineData("tel (03)1234-5678, TEL(03) 1234-5678, 03(1234)5678.", "tel ***, TEL***, ***.")]
    [InlineData("電話０３－１２３４－５６７８、（０３）１２３４－５６７８、サーバー０９０ー１２３４ー５６７８", "電話***、***、サーバー***")]
    [InlineData("カード４１１１１１１１１１１１１１１１ 件数４１", "カード*** 件数４１")]
    [InlineData("passenger list", "passenger list")]
    [InlineData("customer=123 paid", "*** paid")]
    public void By_default_and_by_pattern(string text, string masked) =>
        Assert.Equal(masked, new Masks(new MaskPlan(true, [Pattern.Read("customer=\\d+")])).Mask(text));

    [Fact]
    public void Without_the_default_only_the_patterns_count() =>
        Assert.Equal("a@b.example ***", new Masks(new MaskPlan(false, [Pattern.Read("xx+")])).Mask("a@b.example xxx"));

    [Fact]
    public void A_long_hostile_text_takes_no_time()
    {
        var masks = new Masks(new MaskPlan(true, []));
        var started = TimeProvider.System.GetTimestamp();
        foreach (var piece in new[] { "a", "a.", "0", "0-", "password=", "@", "a@", "a@a.", "4111 ", "+81 ", "token \t" })
        {
            masks.Mask(string.Concat(Enumerable.Repeat(piece, 8000 / piece.Length)));
        }

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }
}
