using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>Errors of the desk that a page can tell a person, as against mistakes of ours.</summary>
internal static class DeskErrors
{
    /// <summary>The database takes no change now: its disk is full, or it is broken.</summary>
    internal static bool CannotWrite(Exception wrong) => StorageTrouble.Is(wrong);
}
