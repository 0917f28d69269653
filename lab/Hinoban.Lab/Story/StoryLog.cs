using Microsoft.Extensions.Logging;

namespace Hinoban.Lab.Story;

/// <summary>Where a process of the story logs to: warnings and errors become entries, unless it is dead.</summary>
internal sealed class StoryLog(LabNode node, StoryBook book) : ILoggerFactory, ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && node.Alive;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            book.Note(node.Name, EntryKind.Log, $"{logLevel} {eventId.Id} {formatter(state, exception)}{cause}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
