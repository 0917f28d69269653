using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Incidents;
using Hinoban.Specs;

namespace Hinoban.Responding;

/// <summary>What each kind of step does on the wire. Never throws: whatever happens becomes a finding.</summary>
internal sealed class StepWork(
    Func<ItemId, TimeSpan, CancellationToken, Task<IReadOnlyList<FreshLook>>> look, IShell shell, TimeProvider clock, TimeSpan verifyPace)
{
    internal async Task<StepFinding> DoAsync(StepPlan step, StepTarget target, CancellationToken shutdown)
    {
        try
        {
            return step switch
            {
                RecheckStepPlan => await RecheckAsync(target, shutdown),
                ReadStepPlan read => OfRead(read, await ShellAsync(target, read.Run, read.Timeout, shutdown)),
                ChangeStepPlan change => await ChangeAsync(change, target, shutdown),
                VerifyStepPlan verify => await VerifyAsync(verify, target, shutdown),
                _ => throw new InvalidOperationException($"A step of an unknown kind: {step.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            return new StepFinding(StepOutcome.Failed, null, "", RespondText.ShuttingDown, StepFailure.NoLook);
        }
        catch (Exception e)
        {
            return new StepFinding(StepOutcome.Failed, null, "", RespondText.Broke(e.Message), StepFailure.NoLook);
        }
    }

    private async Task<StepFinding> RecheckAsync(StepTarget target, CancellationToken shutdown)
    {
        if (target.IsEvent)
        {
            return new StepFinding(StepOutcome.Done, null, "", RespondText.EventStands);
        }

        var looks = await look(target.Item, target.Patience, shutdown);
        var (outcome, because, failure) = FreshLooks.Judge(looks) switch
        {
            FreshVerdict.Failing => (StepOutcome.Done, RespondText.StillFailing, StepFailure.None),
            FreshVerdict.Working => (StepOutcome.NotNeeded, RespondText.Working, StepFailure.None),
            FreshVerdict.Unknown => (StepOutcome.Failed, RespondText.NoLooks, StepFailure.NoLook),
        };
        return new StepFinding(outcome, null, FreshLooks.Lines(looks), because, failure);
    }

    private async Task<StepFinding> ChangeAsync(ChangeStepPlan change, StepTarget target, CancellationToken shutdown)
    {
        var looks = target.IsEvent ? [] : await look(target.Item, target.Patience, shutdown);
        if (!target.IsEvent && ChangeGuard.Stops(looks) is { } stop)
        {
            return stop;
        }

        shutdown.ThrowIfCancellationRequested();
        var before = FreshLooks.Lines(looks);
        try
        {
            return OfChange(change, before, await ShellAsync(target, change.Run, change.Timeout, shutdown));
        }
        catch (Exception e)
        {
            // Past this line the command may have begun, and an exception does not tell how far it came.
            return new StepFinding(StepOutcome.Unknown, null, before, RespondText.Broke(e.Message));
        }
    }

    private async Task<StepFinding> VerifyAsync(VerifyStepPlan verify, StepTarget target, CancellationToken shutdown)
    {
        var start = clock.GetTimestamp();
        var lines = "";
        var inRow = 0;
        while (true)
        {
            var left = verify.Within - clock.GetElapsedTime(start);
            var looks = await look(target.Item, left < target.Patience ? left : target.Patience, shutdown);
            lines += FreshLooks.Lines(looks);
            inRow = FreshLooks.AllOk(looks) ? inRow + 1 : 0;
            if (inRow >= verify.Times)
            {
                return new StepFinding(StepOutcome.Done, null, lines, RespondText.Verified(verify.Times));
            }

            if (clock.GetElapsedTime(start) + verifyPace >= verify.Within)
            {
                var because = RespondText.NotVerified((int)verify.Within.TotalSeconds);
                return new StepFinding(StepOutcome.Failed, null, lines, because, StepFailure.Answer);
            }

            await Task.Delay(verifyPace, clock, shutdown);
        }
    }

    private Task<ShellOutcome> ShellAsync(StepTarget target, string command, TimeSpan timeout, CancellationToken shutdown) =>
        shell.RunAsync(target.Shell ?? throw new InvalidOperationException("A command without a host."), command, timeout, shutdown);

    /// <summary>Nothing was changed, so a cut read is no riddle: it failed and can be repeated.</summary>
    private static StepFinding OfRead(ReadStepPlan read, ShellOutcome end)
    {
        var transcript = Transcript(read.On, read.Run, end);
        return end switch
        {
            { Stopping: true } => Failed(transcript, null, RespondText.ShuttingDown, StepFailure.NoLook),
            { Connected: false } => Failed(transcript, null, RespondText.NoLogin, StepFailure.NoLogin),
            { ExitCode: null } => Failed(transcript, null, end.TimedOut ? RespondText.TimedOut : RespondText.LineCut, StepFailure.Cut),
            { ExitCode: { } code } when read.ExpectExit is { } expected && code != expected =>
                Failed(transcript, code, RespondText.ExitDiffers(code, expected), StepFailure.Answer),
            _ => new StepFinding(StepOutcome.Done, end.ExitCode, transcript, RespondText.ExitCode(end.ExitCode.Value)),
        };
    }

    private static StepFinding OfChange(ChangeStepPlan change, string before, ShellOutcome end)
    {
        var transcript = before + Transcript(change.On, change.Run, end);
        return end switch
        {
            { Stopping: true } => Failed(transcript, null, RespondText.ShuttingDown, StepFailure.NoLook),
            { Connected: false } => Failed(transcript, null, RespondText.NoLogin, StepFailure.NoLogin),
            { ExitCode: null } => new StepFinding(
                StepOutcome.Unknown, null, transcript, end.TimedOut ? RespondText.TimedOut : RespondText.LineCut),
            { ExitCode: { } code } when code != change.ExpectExit =>
                Failed(transcript, code, RespondText.ExitDiffers(code, change.ExpectExit), StepFailure.Answer),
            _ => new StepFinding(StepOutcome.Done, end.ExitCode, transcript, RespondText.ExitCode(end.ExitCode.Value)),
        };
    }

    private static StepFinding Failed(string transcript, int? code, Text because, StepFailure failure) =>
        new(StepOutcome.Failed, code, transcript, because, failure);

    private static string Transcript(string host, string command, ShellOutcome end)
    {
        var took = end.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var output = end.Transcript.Length == 0 || end.Transcript.EndsWith('\n') ? end.Transcript : end.Transcript + "\n";
        return $"[{host}] $ {command}\n{output}[exit {end.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-"}, {took} s]\n";
    }
}
