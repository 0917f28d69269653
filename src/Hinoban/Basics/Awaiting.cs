namespace Hinoban.Basics;

/// <summary>How what waits stays in its own context.</summary>
internal static class Awaiting
{
    /// <summary>
    /// Ends with the task, and ends in the caller's context. <c>WhenAny</c>, <c>WhenAll</c> and <c>WaitAsync</c> are told of a task that continues
    /// asynchronously (as a cancelled <c>Task.Delay</c> does) by the thread pool, whatever context waits for them; a task awaited first is handed
    /// over in the context.
    /// </summary>
    internal static async Task HereAsync(this Task task) => await task;

    /// <inheritdoc cref="HereAsync(Task)"/>
    internal static async Task<T> HereAsync<T>(this Task<T> task) => await task;

    /// <summary>
    /// A wait that ends no earlier than it says. <c>Task.Delay</c> and <c>WaitAsync</c> drop what is less than a millisecond, so whoever waits
    /// until an instant would wake before it, and wait for nothing again and again until the clock has come there.
    /// </summary>
    internal static TimeSpan WholeMilliseconds(this TimeSpan wait) => TimeSpan.FromMilliseconds((long)Math.Ceiling(wait.TotalMilliseconds));
}
