namespace Hinoban.Incidents;

/// <summary>Where an incident stands, derived from its events.</summary>
internal enum IncidentStage
{
    /// <summary>未対応: nobody has claimed it.</summary>
    Unclaimed,

    /// <summary>対応中: claimed, still failing.</summary>
    Responding,

    /// <summary>復旧済・報告待ち: recovered, the report is owed.</summary>
    ReportOwed,

    /// <summary>報告済: reported, not closed.</summary>
    Reported,

    /// <summary>クローズ.</summary>
    Closed,
}
