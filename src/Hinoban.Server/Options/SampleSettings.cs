using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Server.Options;

/// <summary>Reads how long samples are kept, and who else gets them.</summary>
internal sealed class SampleSettings(SettingValues values, SettingSources sources, List<OptionProblem> notes)
{
    internal SampleTerms Terms()
    {
        var terms = new SampleTerms(values.Duration(Settings.SamplesKeepRaw), values.Duration(Settings.SamplesKeepHours), values.Duration(Settings.SamplesKeepDays));
        if (terms.Raw < TimeSpan.FromDays(1))
        {
            values.Wrong(Settings.SamplesKeepRaw, OptionText.KeptTooShort, OptionText.KeepADay);
        }

        // What is finer is never kept for longer than what is made of it: a chart would end before its beginning.
        if (terms.Hours < terms.Raw)
        {
            values.Wrong(Settings.SamplesKeepHours, OptionText.KeptTooShort, OptionText.KeepAsLongAs(Settings.SamplesKeepRaw));
        }

        if (terms.Days < terms.Hours)
        {
            values.Wrong(Settings.SamplesKeepDays, OptionText.KeptTooShort, OptionText.KeepAsLongAs(Settings.SamplesKeepHours));
        }

        return terms;
    }

    /// <summary>Null for nobody.</summary>
    internal RemoteWriteOptions? RemoteWrite()
    {
        var user = values.Optional(Settings.RemoteWriteUser);
        var (password, token) = (Secret(Settings.RemoteWritePasswordFile), Secret(Settings.RemoteWriteTokenFile));
        var hasFile = sources.Of(Settings.RemoteWritePasswordFile) is not null;
        if (hasFile != (user is not null))
        {
            values.Wrong(hasFile ? Settings.RemoteWritePasswordFile : Settings.RemoteWriteUser, OptionText.UserAndPassword, OptionText.UserAndPasswordRight);
        }

        if (token is not null && user is not null)
        {
            values.Wrong(Settings.RemoteWriteTokenFile, OptionText.SignsInTwice, OptionText.SignsInTwiceRight);
        }

        if (values.Optional(Settings.RemoteWriteUrl) is not { } word)
        {
            Setting[] others = [Settings.RemoteWriteUser, Settings.RemoteWritePasswordFile, Settings.RemoteWriteTokenFile];
            foreach (var alone in others.Where(s => sources.Of(s) is not null))
            {
                values.Wrong(alone, OptionText.NeedsRemoteWrite, OptionText.RemoteWriteRight);
            }

            return null;
        }

        if (Uri.TryCreate(word, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        {
            if (url is { Scheme: "http", IsLoopback: false } && (password ?? token) is not null)
            {
                notes.Add(new OptionProblem(sources.Of(Settings.RemoteWriteUrl)!.Where, OptionText.SecretInTheClear, OptionText.RemoteWriteRight));
            }

            return new RemoteWriteOptions(url, user, password, token);
        }

        values.Wrong(Settings.RemoteWriteUrl, OptionText.NotAUrl, OptionText.RemoteWriteRight);
        return null;
    }

    private Redacted? Secret(Setting setting) => values.ExistingFile(setting) is { } file ? new Redacted(File.ReadAllText(file).Trim()) : null;
}
