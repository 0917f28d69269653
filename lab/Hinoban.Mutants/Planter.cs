using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Hinoban.Mutants;

/// <summary>
/// Writes every mutant of a file into it at once, each behind a switch: <c>a &lt; b</c> becomes <c>(Mutant.Is(7) ? a &lt;= b : a &lt; b)</c>. So all are built
/// together, and each is tried by turning its switch.
/// </summary>
internal sealed class Planter(string file, int first, IReadOnlySet<string> refused) : CSharpSyntaxRewriter
{
    internal const string Mark = "mutant";

    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> Binaries = new()
    {
        [SyntaxKind.LessThanExpression] = [SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanOrEqualExpression],
        [SyntaxKind.LessThanOrEqualExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.GreaterThanExpression] = [SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.LessThanOrEqualExpression],
        [SyntaxKind.GreaterThanOrEqualExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.EqualsExpression] = [SyntaxKind.NotEqualsExpression],
        [SyntaxKind.NotEqualsExpression] = [SyntaxKind.EqualsExpression],
        [SyntaxKind.LogicalAndExpression] = [SyntaxKind.LogicalOrExpression],
        [SyntaxKind.LogicalOrExpression] = [SyntaxKind.LogicalAndExpression],
        [SyntaxKind.AddExpression] = [SyntaxKind.SubtractExpression],
        [SyntaxKind.SubtractExpression] = [SyntaxKind.AddExpression],
        [SyntaxKind.MultiplyExpression] = [SyntaxKind.DivideExpression],
        [SyntaxKind.DivideExpression] = [SyntaxKind.MultiplyExpression],
    };

    private static readonly Dictionary<string, string> Calls = new()
    {
        ["Any"] = "All",
        ["All"] = "Any",
        ["Exists"] = "TrueForAll",
        ["TrueForAll"] = "Exists",
        ["First"] = "Last",
        ["Last"] = "First",
        ["FirstOrDefault"] = "LastOrDefault",
        ["LastOrDefault"] = "FirstOrDefault",
        ["Min"] = "Max",
        ["Max"] = "Min",
        ["MinBy"] = "MaxBy",
        ["MaxBy"] = "MinBy",
        ["OrderBy"] = "OrderByDescending",
        ["OrderByDescending"] = "OrderBy",
        ["TakeWhile"] = "SkipWhile",
        ["SkipWhile"] = "TakeWhile",
        ["Floor"] = "Ceiling",
        ["Ceiling"] = "Floor",
        ["StartsWith"] = "EndsWith",
        ["EndsWith"] = "StartsWith",
    };

    private readonly List<Mutant> planted = [];
    private readonly Dictionary<string, int> alike = [];

    internal IReadOnlyList<Mutant> Planted => planted;

    // Where only constants may stand, nothing can be switched.
    public override SyntaxNode? VisitAttributeList(AttributeListSyntax node) => node;

    public override SyntaxNode? VisitEnumDeclaration(EnumDeclarationSyntax node) => node;

    public override SyntaxNode? VisitParameterList(ParameterListSyntax node) => node;

    public override SyntaxNode? VisitConstantPattern(ConstantPatternSyntax node) => node;

    public override SyntaxNode? VisitRelationalPattern(RelationalPatternSyntax node) => node;

    public override SyntaxNode? VisitCaseSwitchLabel(CaseSwitchLabelSyntax node) => node;

    public override SyntaxNode? VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node) => node.IsConst ? node : base.VisitLocalDeclarationStatement(node);

    /// <summary>A value that is made once would be made before any switch is turned: it is made at each use instead.</summary>
    public override SyntaxNode? VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        var isConst = node.Modifiers.Any(SyntaxKind.ConstKeyword);
        var isOnce = isConst || (node.Modifiers.Any(SyntaxKind.StaticKeyword) && node.Modifiers.Any(SyntaxKind.ReadOnlyKeyword));
        var isPlain = node.Declaration.Type is PredefinedTypeSyntax { Keyword.RawKind: not ((int)SyntaxKind.StringKeyword or (int)SyntaxKind.ObjectKeyword) }
            || node.Declaration.Type.ToString() == "TimeSpan";
        if (!isOnce)
        {
            return base.VisitFieldDeclaration(node);
        }

        if (!isPlain || node.Declaration.Variables is not [{ Initializer.Value: { } value } one] || !node.DescendantNodes().Any(IsNumber))
        {
            return node;
        }

        var before = planted.Count;
        var changed = (ExpressionSyntax)Visit(value)!;
        if (planted.Count == before)
        {
            return node;
        }

        var modifiers = TokenList(node.Modifiers.Where(m => !m.IsKind(SyntaxKind.ReadOnlyKeyword) && !m.IsKind(SyntaxKind.ConstKeyword) && !m.IsKind(SyntaxKind.StaticKeyword)))
            .Add(Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(Space));
        return PropertyDeclaration(node.Declaration.Type.WithoutTrivia().WithTrailingTrivia(Space), one.Identifier)
            .WithModifiers(modifiers)
            .WithExpressionBody(ArrowExpressionClause(changed))
            .WithSemicolonToken(Token(SyntaxKind.SemicolonToken).WithTrailingTrivia(LineFeed))
            .WithLeadingTrivia(node.GetLeadingTrivia());
    }

    // Made once as well, and seldom worth a switch.
    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) => node.Initializer is null ? base.VisitPropertyDeclaration(node) : node;

    public override SyntaxNode? VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        var inner = (ExpressionSyntax)base.VisitBinaryExpression(node)!;
        if (node.IsKind(SyntaxKind.CoalesceExpression) && !Declares(node))
        {
            return Switch(inner, node, "no fallback left out", node.Right);
        }

        if (!Binaries.TryGetValue(node.Kind(), out var others) || node.DescendantNodes().OfType<LiteralExpressionSyntax>().Any(l => l.IsKind(SyntaxKind.StringLiteralExpression) && node.IsKind(SyntaxKind.AddExpression)))
        {
            return inner;
        }

        if (!Declares(node))
        {
            return others.Aggregate(inner, (so, other) => Switch(so, node, "operator", BinaryExpression(other, node.Left, node.Right)));
        }

        // What one side declares the other needs: only a side that declares nothing can be turned.
        if (node.Kind() is not (SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression) || inner is not BinaryExpressionSyntax both)
        {
            return inner;
        }

        var left = Declares(node.Left) ? both.Left : Switch(both.Left, node.Left, "negated", Not(node.Left));
        var right = Declares(node.Right) ? both.Right : Switch(both.Right, node.Right, "negated", Not(node.Right));
        return both.WithLeft(left).WithRight(right);
    }

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        var inner = (ExpressionSyntax)base.VisitPrefixUnaryExpression(node)!;
        return node.IsKind(SyntaxKind.LogicalNotExpression) && !Declares(node) ? Switch(inner, node, "not", node.Operand) : inner;
    }

    public override SyntaxNode? VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        var inner = (ConditionalExpressionSyntax)base.VisitConditionalExpression(node)!;
        return Declares(node.Condition) ? inner : inner.WithCondition(Switch(inner.Condition, node.Condition, "negated", Not(node.Condition)));
    }

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node)
    {
        var inner = (IfStatementSyntax)base.VisitIfStatement(node)!;
        return Declares(node.Condition) ? inner : inner.WithCondition(Switch(inner.Condition, node.Condition, "negated", Not(node.Condition)));
    }

    public override SyntaxNode? VisitIsPatternExpression(IsPatternExpressionSyntax node)
    {
        var inner = (ExpressionSyntax)base.VisitIsPatternExpression(node)!;
        return Declares(node) ? inner : Switch(inner, node, "negated", Not(node));
    }

    public override SyntaxNode? VisitLiteralExpression(LiteralExpressionSyntax node) => node.Kind() switch
    {
        SyntaxKind.TrueLiteralExpression => Switch(node, node, "truth", LiteralExpression(SyntaxKind.FalseLiteralExpression)),
        SyntaxKind.FalseLiteralExpression => Switch(node, node, "truth", LiteralExpression(SyntaxKind.TrueLiteralExpression)),
        SyntaxKind.NumericLiteralExpression when node.Token.Value is int n => Switch(node, node, "number", LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(n + 1))),
        SyntaxKind.NumericLiteralExpression when node.Token.Value is double d => Switch(node, node, "number", LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(d + 1))),
        _ => node,
    };

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (node.Expression is IdentifierNameSyntax { Identifier.Text: "nameof" })
        {
            return node;
        }

        var inner = (ExpressionSyntax)base.VisitInvocationExpression(node)!;
        if (node.Expression is not MemberAccessExpressionSyntax member || Declares(node))
        {
            return inner;
        }

        var name = member.Name.Identifier.Text;
        if (Calls.TryGetValue(name, out var other))
        {
            var renamed = member.Name is GenericNameSyntax generic ? (SimpleNameSyntax)generic.WithIdentifier(Identifier(other)) : IdentifierName(other);
            return Switch(inner, node, "call", node.WithExpression(member.WithName(renamed)));
        }

        return name == "Where" ? Switch(inner, node, "filter left out", member.Expression) : inner;
    }

    public override SyntaxNode? VisitSwitchExpressionArm(SwitchExpressionArmSyntax node)
    {
        var inner = (SwitchExpressionArmSyntax)base.VisitSwitchExpressionArm(node)!;
        if (node.Pattern is DiscardPatternSyntax && node.WhenClause is null)
        {
            return inner;
        }

        if (Plant(node, "arm left out", node.Pattern + " => …", "") is not { } number)
        {
            return inner;
        }

        var keeps = PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, Is(number));
        var when = inner.WhenClause is { } clause ? (ExpressionSyntax)BinaryExpression(SyntaxKind.LogicalAndExpression, ParenthesizedExpression(clause.Condition), keeps) : keeps;
        return inner.WithWhenClause(WhenClause(Token(SyntaxKind.WhenKeyword).WithLeadingTrivia(Space).WithTrailingTrivia(Space), when.WithTrailingTrivia(Space))).WithAdditionalAnnotations(MarkOf(number));
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        var inner = (StatementSyntax)base.VisitExpressionStatement(node)!;
        return Declares(node) || Plant(node, "statement left out", node.ToString(), "") is not { } number
            ? inner
            : IfStatement(PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, Is(number)), Block(inner)).WithAdditionalAnnotations(MarkOf(number));
    }

    /// <summary>A variable of a pattern or an <c>out</c> is seen outside the expression: it cannot be written twice.</summary>
    private static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf(n => n is not LambdaExpressionSyntax)
        .Any(n => n is SingleVariableDesignationSyntax or DeclarationExpressionSyntax);

    private static bool IsNumber(SyntaxNode node) => node.IsKind(SyntaxKind.NumericLiteralExpression);

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax node) => PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression(node));

    private static InvocationExpressionSyntax Is(int number) => (InvocationExpressionSyntax)ParseExpression(FormattableString.Invariant($"global::Hinoban.Mutant.Is({number})"));

    private static SyntaxAnnotation MarkOf(int number) => new(Mark, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private ExpressionSyntax Switch(ExpressionSyntax inner, SyntaxNode original, string by, ExpressionSyntax changed)
    {
        if (Plant(original, by, original.ToString(), changed.NormalizeWhitespace().ToString()) is not { } number)
        {
            return inner;
        }

        var choice = ConditionalExpression(
            Is(number),
            Token(SyntaxKind.QuestionToken).WithLeadingTrivia(Space).WithTrailingTrivia(Space),
            ParenthesizedExpression(changed.NormalizeWhitespace(eol: " ")),
            Token(SyntaxKind.ColonToken).WithLeadingTrivia(Space).WithTrailingTrivia(Space),
            ParenthesizedExpression(inner.WithoutTrivia()));
        return ParenthesizedExpression(choice).WithTriviaFrom(inner).WithAdditionalAnnotations(MarkOf(number));
    }

    private int? Plant(SyntaxNode at, string by, string original, string changed)
    {
        var place = at.GetLocation().GetLineSpan().StartLinePosition;
        var mutant = new Mutant(first + planted.Count, file, MemberOf(at), place.Line + 1, place.Character + 1, by, Short(original), Short(changed));
        var occurrence = alike[mutant.Key] = alike.GetValueOrDefault(mutant.Key) + 1;
        if (refused.Contains(mutant.ToString()))
        {
            return null;
        }

        planted.Add(mutant with { Occurrence = occurrence });
        return mutant.Number;
    }

    private static string MemberOf(SyntaxNode at) => at.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        var other => other?.Kind().ToString() ?? "",
    };

    private static string Short(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
