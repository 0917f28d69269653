namespace Hinoban.Storage;

/// <summary>How the files of a running process stand in their folder.</summary>
internal enum PlaceState
{
    /// <summary>They are where they were when they were opened.</summary>
    Whole,

    /// <summary>They were deleted, or others lie in their place: what the process writes goes into files that end with it.</summary>
    Lost,

    /// <summary>The folder may not be read, changed or entered any more: the files are there, and no start would find them.</summary>
    Shut,
}

/// <summary>The same for a whole data folder, with the latest copy of what was lost; null: none could be made.</summary>
internal sealed record PlaceView(PlaceState State, string Folder, string? Copy)
{
    internal static PlaceView Whole { get; } = new(PlaceState.Whole, "", null);
}
