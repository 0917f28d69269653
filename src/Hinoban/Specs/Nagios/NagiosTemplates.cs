using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>Links what definitions <c>use</c>. A template that is missing, or a circle of them, is a mistake at the line that says it, and is left out.</summary>
internal sealed class NagiosTemplates
{
    /// <summary>Templates below templates; nobody overlooks more, and each level is a call within a call.</summary>
    private const int Deepest = 64;

    private readonly NagiosProblems problems;
    private readonly Dictionary<(string Type, string Name), NagiosObject> named = [];
    private readonly Dictionary<NagiosObject, int> heights = [];
    private readonly HashSet<NagiosObject> open = [];

    private NagiosTemplates(NagiosProblems problems) => this.problems = problems;

    internal static void Link(IReadOnlyList<NagiosObject> objects, NagiosProblems problems)
    {
        var templates = new NagiosTemplates(problems);
        foreach (var one in objects.Where(o => o.Name is { Length: > 0 }))
        {
            if (!templates.named.TryAdd((one.Type, one.Name!), one))
            {
                problems.Wrong(one.At, NagiosText.TemplateTwice(one.Name!, templates.named[(one.Type, one.Name!)].At), NagiosText.OneName);
            }
        }

        foreach (var one in objects)
        {
            templates.Link(one, 0);
        }
    }

    private void Link(NagiosObject one, int depth)
    {
        if (!heights.TryAdd(one, 0) || !one.Own.TryGetValue("use", out var use))
        {
            return;
        }

        open.Add(one);
        var found = new List<NagiosObject>();
        foreach (var name in NagiosWords.List(use.Value))
        {
            if (!named.TryGetValue((one.Type, name), out var template))
            {
                problems.Wrong(use.At, NagiosText.NoTemplate(one.Type, name), problems.Near(name, [.. named.Keys.Where(k => k.Type == one.Type).Select(k => k.Name)], NagiosText.NoTemplateRight));
            }
            else if (open.Contains(template) || depth >= Deepest)
            {
                problems.Wrong(use.At, open.Contains(template) ? NagiosText.TemplateLoop(name) : NagiosText.TemplatesDeep(Deepest), NagiosText.TemplateLoopRight);
            }
            else
            {
                Link(template, depth + 1);
                Take(one, template, found, use.At);
            }
        }

        open.Remove(one);
        one.Link(found);
    }

    // Templates that were linked before may stand on many levels of their own.
    private void Take(NagiosObject one, NagiosObject template, List<NagiosObject> found, SpecPlace at)
    {
        var height = heights[template] + 1;
        if (height > Deepest)
        {
            problems.Wrong(at, NagiosText.TemplatesDeep(Deepest), NagiosText.TemplateLoopRight);
            return;
        }

        heights[one] = Math.Max(heights[one], height);
        found.Add(template);
    }
}
