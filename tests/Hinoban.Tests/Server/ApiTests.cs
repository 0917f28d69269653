using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Tests.Server;

/// <summary>The API's shapes and refusals over real HTTP.</summary>
public sealed class ApiTests : IClassFixture<SampleServerFixture>
{
    private readonly SampleServer server;
    private readonly string token;

    public ApiTests(SampleServerFixture fixture)
    {
        server = fixture.Server;
        server.Desk.Reset();
        token = server.Token("operator");
    }

    [Fact]
    public async Task An_incident_in_the_list_has_exactly_these_members()
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Get, "/api/v1/incidents", token);
        Assert.Equal(200, status);
        Assert.Equal(2, body.GetProperty("incidents").GetArrayLength());
        Assert.Equal(
            """
            {"id":1,"number":"INC-260414-0001","customer":"sample-trading","customer_name":{"ja":"サンプル商事株式会社","en":"Sample Trading"},"host":"web01","service":"http","severity":"critical","reach":"down","single_site":false,"no_value":true,"stage":"unclaimed","claimed_by":null,"opened_utc":"2026-04-14T03:00:00+00:00","recovered_utc":null,"slo":{"started_utc":"2026-04-14T03:00:01+00:00","due_utc":"2026-04-14T03:10:01+00:00","claimed_utc":null,"met":null},"attached":0,"output":"connect: refused <b>","mail_trouble":"none","failing":true,"severity_now":"critical","unreachable":0,"flapping":false,"silence":null,"held":false,"waits_until_utc":null,"joined":0,"still_failing":0}
            """.Trim(),
            body.GetProperty("incidents")[0].GetRawText());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("INC-260414-0001")]
    [InlineData("inc-260414-0001")]
    public async Task One_incident_is_found_by_id_and_by_number(string id)
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Get, $"/api/v1/incidents/{id}", token);
        Assert.Equal(200, status);
        Assert.Equal("INC-260414-0001", body.GetProperty("number").GetString());
        Assert.Equal(
            "host_name,address,kind,thresholds,edition,first_failure_utc,time_zone,language,opened_evidence,views,events,runbook,contacts,mails,report_draft,"
            + "id,number,customer,customer_name,host,service,severity,reach,single_site,no_value,stage,claimed_by,opened_utc,recovered_utc,slo,attached,output,mail_trouble,failing,severity_now,unreachable,flapping,silence,held,waits_until_utc,joined,still_failing",
            string.Join(',', body.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(
            """{"event":"claimed","display_name":"佐藤 花子","at_utc":"2026-04-14T03:01:00+00:00","by":"sato"}""",
            body.GetProperty("events")[1].GetRawText());
        Assert.Equal("no_answer", body.GetProperty("events")[2].GetProperty("outcome").GetString());
        Assert.Equal(0.0015, body.GetProperty("views")[0].GetProperty("took").GetDouble());
        Assert.Equal(
            """{"number":1,"kind":"change","host":"web01","command":"sudo systemctl restart nginx","enabled":true,"why_not":{"ja":"","en":""},"else":"call","else_reason":"","runs":[],"looks":"","times":null,"within":null}""",
            body.GetProperty("runbook").GetProperty("steps")[0].GetRawText());
    }

    [Theory]
    [InlineData("claim", null, "claim 1 operator")]
    [InlineData("claim", "{}", "claim 1 operator")]
    [InlineData("release", """{"reason":"交代"}""", "release 1 operator 交代")]
    [InlineData("notes", """{"text":"log を確認","for_report":true}""", "note 1 operator log を確認 True")]
    [InlineData("notes", """{"text":"x"}""", "note 1 operator x False")]
    [InlineData("calls", """{"contact":"田中","number_tail":"4567","outcome":"reached_person","said":"了解"}""", "call 1 operator 田中 4567 ReachedPerson 了解")]
    [InlineData("runbook/steps/1", null, "step 1 operator 1  ")]
    [InlineData("runbook/steps/1", """{"confirm_host":"web01","confirm_command":"sudo systemctl restart nginx"}""", "step 1 operator 1 web01 sudo systemctl restart nginx")]
    [InlineData("runbook/steps/1/resolve", """{"done":true,"because":"確認済み"}""", "resolve 1 operator 1 True 確認済み")]
    [InlineData("report", """{"situation":"a","cause":"b","actions":"c","calls":"d"}""", "report 1 operator a|b|c|d False")]
    [InlineData("report", """{"situation":"a","cause":"b","actions":"c","calls":"d","interim":true}""", "report 1 operator a|b|c|d True")]
    [InlineData("close", """{"reason":"済"}""", "close 1 operator 済")]
    public async Task Commands_reach_the_desk_as_sent(string path, string? sent, string done)
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, $"/api/v1/incidents/INC-260414-0001/{path}", token, sent);
        Assert.Equal(200, status);
        Assert.Equal([done], server.Desk.Done);
        Assert.True(body.TryGetProperty(path.Contains("steps", StringComparison.Ordinal) ? "runs" : "events", out _));
    }

    [Fact]
    public async Task Trying_mails_now_reaches_the_desk_and_shows_the_mails()
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/mails/retry", token);
        Assert.Equal(200, status);
        Assert.Equal(["retry mails operator"], server.Desk.Done);
        Assert.NotEqual(0, body.GetProperty("mails").GetArrayLength());
    }

    [Theory]
    [InlineData("notes", "{", 400, "Not readable as JSON")]
    [InlineData("notes", "[]", 400, "Not readable as JSON")]
    [InlineData("notes", "null", 400, "Send a JSON object with Content-Type: application/json")]
    [InlineData("notes", "", 400, "'text' is missing")]
    [InlineData("notes", "{}", 400, "'text' is missing")]
    [InlineData("notes", """{"text":null}""", 400, "'text' has a wrong value")]
    [InlineData("notes", """{"text":7}""", 400, "'text' has a wrong value")]
    [InlineData("notes", """{"text":"x","forReport":true}""", 400, "There is no field 'forReport'")]
    [InlineData("notes", """{"text":"x","for_report":"yes"}""", 400, "'for_report' has a wrong value")]
    [InlineData("calls", """{"contact":"x","outcome":"reached"}""", 400, "'outcome' has a wrong value")]
    [InlineData("claim", """{"force":true}""", 400, "There is no field 'force'")]
    public async Task A_body_that_is_not_right_is_told_what_is_wrong(string path, string sent, int status, string detail)
    {
        var (answered, body, response) = await server.SendAsync(HttpMethod.Post, $"/api/v1/incidents/1/{path}", token, sent);
        Assert.Equal((status, detail), (answered, body.GetProperty("detail").GetString()));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(server.Desk.Done);
    }

    [Fact]
    public async Task Maintenance_is_asked_for_and_decided()
    {
        const string Ask = """{"customer":"sample-trading","targets":["web01","web01/http"],"to_utc":"2026-04-14T09:00:00Z","reason":"power","contact":"tanaka"}""";
        var viewer = server.Token("viewer", "sample-trading");
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/maintenance", viewer, Ask);
        Assert.Equal(200, status);
        Assert.Equal(
            """{"id":11,"number":"MNT-11","customer":"sample-trading","customer_name":{"ja":"x","en":"x"},"targets":["web01"],"from_utc":"2026-04-14T03:00:00+00:00","to_utc":"2026-04-14T05:00:00+00:00","reason":"power","contact":"tanaka","stage":"asked","asked_utc":"2026-04-14T03:00:00+00:00","asked_by":"tanaka","decided_utc":null,"decided_by":"","decided_because":""}""",
            body.GetRawText());
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/maintenance/11/approve", token)).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/v1/maintenance/11/decline", token, """{"reason":"no"}""")).Status);
        Assert.Equal(["ask sample-trading web01,web01/http viewersample-trading", "decide 11 True operator ", "decide 11 False operator no"], server.Desk.Done);

        server.Desk.Wrong.Add(new PostedProblem(0, "", PostedText.Count));
        (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/maintenance", viewer, Ask);
        Assert.Equal((422, """[{"result":0,"field":"from_utc","detail":"its start has passed"}]"""), (status, body.GetProperty("errors").GetRawText()));
    }

    [Fact]
    public async Task Posted_results_are_answered_one_by_one()
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/customers/sample-trading/results", token, """{"results":[{},7]}""");
        Assert.Equal(200, status);
        Assert.Equal("""{"taken":1,"results":[{"item":"web01/backup","fate":"taken"},{"item":"web01/backup","fate":"older"}]}""", body.GetRawText());
    }

    [Fact]
    public async Task All_that_is_wrong_with_posted_results_is_told_at_once()
    {
        server.Desk.Wrong.AddRange([new PostedProblem(1, "item", PostedText.ItemRight), new PostedProblem(2, "state", PostedText.StateRight)]);
        var (status, body, response) = await server.SendAsync(HttpMethod.Post, "/api/v1/customers/sample-trading/results", token, """{"results":[{}]}""");
        Assert.Equal((422, "application/problem+json"), (status, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal("2 problems; nothing of this batch was taken", body.GetProperty("detail").GetString());
        Assert.Equal(
            """[{"result":1,"field":"item","detail":"name the item, for instance `web01/backup`"},{"result":2,"field":"state","detail":"write 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN)"}]""",
            body.GetProperty("errors").GetRawText());
        Assert.Equal(400, (await server.SendAsync(HttpMethod.Post, "/api/v1/customers/sample-trading/results", token, """{"result":[]}""")).Status);
    }

    [Fact]
    public async Task A_body_of_another_type_or_too_large_is_refused()
    {
        Assert.Equal(415, (await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/notes", token, "text=x", type: "application/x-www-form-urlencoded")).Status);
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/notes", token, $$"""{"text":"{{new string('x', 300_000)}}"}""");
        Assert.Equal((413, "/problems/too-large"), (status, body.GetProperty("type").GetString()));
        Assert.Empty(server.Desk.Done);
    }

    [Theory]
    [InlineData("NotFound", 404, "not-found")]
    [InlineData("Forbidden", 403, "forbidden")]
    [InlineData("Conflict", 409, "conflict")]
    [InlineData("Invalid", 422, "refused-input")]
    public async Task A_refusal_of_the_desk_is_a_problem_with_its_words(string refusal, int status, string type)
    {
        server.Desk.Outcome = new CommandOutcome(Enum.Parse<Refusal>(refusal), new Text("だめです", "No"));
        var (answered, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/claim", token, language: "ja");
        Assert.Equal((status, $"/problems/{type}", "だめです"), (answered, body.GetProperty("type").GetString(), body.GetProperty("detail").GetString()));
        Assert.Equal(status, body.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_change_step_asks_for_host_and_exact_command()
    {
        server.Desk.Outcome = new CommandOutcome(Refusal.ConfirmationNeeded, new Text("", ""), "web01", "sudo systemctl restart nginx");
        var (status, body, _) = await server.SendAsync(HttpMethod.Post, "/api/v1/incidents/1/runbook/steps/1", token);
        Assert.Equal(409, status);
        Assert.Equal("type,title,status,detail,host,command", string.Join(',', body.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(
            ("/problems/confirmation-needed", "web01", "sudo systemctl restart nginx"),
            (body.GetProperty("type").GetString(), body.GetProperty("host").GetString(), body.GetProperty("command").GetString()));
    }

    [Theory]
    [InlineData("ja", "見つかりません")]
    [InlineData("en", "Not found")]
    [InlineData("en-US", "Not found")]
    [InlineData("fr", "見つかりません")]
    public async Task Problems_speak_the_callers_language(string language, string title) =>
        Assert.Equal(title, (await server.SendAsync(HttpMethod.Get, "/api/v1/incidents/99", token, language: language)).Body.GetProperty("title").GetString());

    [Theory]
    [InlineData("/api/v1/incidents?state=all")]
    [InlineData("/api/v1/incidents?limit=0")]
    [InlineData("/api/v1/incidents?limit=-1")]
    [InlineData("/api/v1/incidents?limit=1001")]
    [InlineData("/api/v1/mails?limit=x")]
    [InlineData("/api/v1/services/11/samples?from=yesterday")]
    [InlineData("/api/v1/services/11/samples?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z")]
    [InlineData("/api/v1/services/11/samples?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    public async Task A_query_that_is_not_right_is_told(string path) =>
        Assert.Equal((400, "/problems/invalid"), await Problem(path));

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1/")]
    [InlineData("/api/v1/services/eleven")]
    [InlineData("/api/v1/services/99")]
    [InlineData("/api/v1/hosts/sample-trading/web99")]
    [InlineData("/api/v1/incidents/INC-260414-9999")]
    [InlineData("/api/v1/some.thing")]
    public async Task What_is_not_there_is_a_problem_too(string path) => Assert.Equal((404, "/problems/not-found"), await Problem(path));

    [Fact]
    public async Task Watching_lists_have_these_members()
    {
        async Task<string> Members(string path, string list) => string.Join(',', Inner(await server.SendAsync(HttpMethod.Get, path, token), list).EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            "id,customer,customer_name,host,service,kind,thresholds,judgement,reach,severity,no_value,evidence,views,open_incident,edition,revision,interval,behind,covered_by,flapping,silence,depends_on,cause",
            await Members("/api/v1/services", "services"));
        Assert.Equal("customer,customer_name,host,name,address,machine,alive,services", await Members("/api/v1/hosts", "hosts"));
        Assert.Equal(
            "name,connected,last_heard_utc,plan_revision,desk_revision,items,looks_out,looks_done,missed_cycles,lateness_p99,lateness_max,spool_backlog,clock_skew,path_troubles,"
                + "not_kept,not_kept_since_utc,place_trouble,spool_broken_utc,anchors,silent_peers,carried_by,speaks_as,carrier,isolated",
            await Members("/api/v1/sites", "sites"));
        Assert.Equal("key,incident,incident_number,customer,kind,message_id,subject,body,date_utc,deliveries", await Members("/api/v1/mails", "mails"));
        Assert.Equal("id,name,contract,edition,hash,hosts,items,open_incidents", await Members("/api/v1/customers", "customers"));
        var samples = (await server.SendAsync(HttpMethod.Get, "/api/v1/services/11/samples", token)).Body;
        Assert.Equal("tokyo", samples.GetProperty("series")[0].GetProperty("site").GetString());
        Assert.Equal(JsonValueKind.Null, samples.GetProperty("series")[0].GetProperty("points")[1].GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task Bad_tokens_are_slowed_down_and_good_ones_are_not()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/v1/sites", $"hin_{i:0000}")).Status);
        }

        var (status, body, response) = await server.SendAsync(HttpMethod.Get, "/api/v1/sites", "hin_more");
        Assert.Equal((429, "/problems/too-many-tries"), (status, body.GetProperty("type").GetString()));
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/v1/sites", token)).Status);
    }

    [Fact]
    public async Task The_document_describes_every_route()
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Get, "/api/v1/openapi.json");
        Assert.Equal(200, status);
        var described = body.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Where(o => o.Name is "get" or "post").Select(o => (Route: $"{o.Name} {p.Name}", o.Value)))
            .ToList();
        Assert.Equal(Routes.OfApi(server).Select(r => $"{r.Method.ToLowerInvariant()} /{r.Pattern.Replace(":int", "", StringComparison.Ordinal)}").Order(), described.Select(d => d.Route).Order());
        Assert.All(described, d => Assert.False(string.IsNullOrEmpty(d.Value.GetProperty("summary").GetString())));
        Assert.True(body.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("Bearer", out _));
    }

    private static JsonElement Inner((int Status, JsonElement Body, HttpResponseMessage Response) answer, string list) => answer.Body.GetProperty(list)[0];

    private async Task<(int, string?)> Problem(string path)
    {
        var (status, body, _) = await server.SendAsync(HttpMethod.Get, path, token);
        return (status, body.GetProperty("type").GetString());
    }
}
