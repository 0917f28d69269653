using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hinoban.Acceptance.Hostile;

/// <summary>Python's mail parser: somebody else's opinion of what our mails say.</summary>
internal static class MailParser
{
    private const string Program = """
        import sys, json, email, email.policy
        m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
        print(json.dumps({"names": m.keys(), "values": {k: str(v) for k, v in m.items()}, "body": m.get_content(), "multipart": m.is_multipart(),
                          "defects": [repr(d) for d in m.defects] + [repr(d) for k, v in m.items() for d in v.defects],
                          "to": [a.addr_spec for a in m["To"].addresses], "from": [[a.display_name, a.addr_spec] for a in m["From"].addresses]}))
        """;

    internal static async Task<JsonNode> ParseAsync(byte[] mail)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", Program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = python.StandardOutput.ReadToEndAsync();
        var errors = python.StandardError.ReadToEndAsync();
        await python.StandardInput.BaseStream.WriteAsync(mail);
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        return JsonNode.Parse(await said)!;
    }
}
