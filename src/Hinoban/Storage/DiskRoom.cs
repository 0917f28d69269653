namespace Hinoban.Storage;

/// <summary>Bytes free and in all, where a data folder is.</summary>
internal readonly record struct DiskRoom(long Free, long Total)
{
    private const long LeastFree = 500_000_000;
    private const double LeastShare = 0.05;

    /// <summary>Less than 5 % or 500 MB are free: somebody has to make room.</summary>
    internal bool IsLow => Free < LeastFree || Free < Total * LeastShare;
}
