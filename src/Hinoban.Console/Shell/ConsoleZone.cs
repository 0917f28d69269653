namespace Hinoban.Console.Shell;

/// <summary>The provider's time zone, in which pages show times to whoever has not chosen another one.</summary>
internal sealed record ConsoleZone(TimeZoneInfo Default);
