using Hinoban.Basics;

namespace Hinoban.Flow;

/// <summary>
/// Specifications that were read and not taken: the ones before them go on running. It stands until they are read again and are right. <see cref="Errors"/> are the first of
/// <see cref="Count"/>.
/// </summary>
internal sealed record SpecRefusal(DateTimeOffset AtUtc, int Count, IReadOnlyList<Problem> Errors)
{
    /// <summary>As many as a person mends before reading them again.</summary>
    private const int Most = 100;

    internal static SpecRefusal Of(IReadOnlyList<Problem> problems, DateTimeOffset now)
    {
        var errors = problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        return new SpecRefusal(now, errors.Count, [.. errors.Take(Most)]);
    }
}
