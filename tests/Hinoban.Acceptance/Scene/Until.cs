namespace Hinoban.Acceptance.Scene;

/// <summary>Waits for what other processes do: looks again and again until it is so, at most until a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>Gives the first value that is not null. A desk that is away is no failure: somebody may just be restarting it.</summary>
    internal static async Task<T> FoundAsync<T>(string what, TimeSpan patience, Func<Task<T?>> look)
        where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        var last = "nothing seen";
        while (TimeProvider.System.GetElapsedTime(start) < patience)
        {
            try
            {
                if (await look() is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                last = e.Message;
            }

            await Task.Delay(Pace, TimeProvider.System);
        }

        throw new TimeoutException($"Not within {patience.TotalSeconds:0} s: {what} ({last})");
    }

    internal static Task TrueAsync(string what, TimeSpan patience, Func<Task<bool>> look) =>
        FoundAsync<object>(what, patience, async () => await look() ? what : null);

    internal static Task TrueAsync(string what, TimeSpan patience, Func<bool> look) => TrueAsync(what, patience, () => Task.FromResult(look()));
}
