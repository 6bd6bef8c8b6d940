import Model

extension Projector.Scope {
    func apply(_ change: Fact.BaseChange) throws {
        switch change {
        case .moved(let base): try record(nil, "the base has moved to \(base.short)")
        case .rebased(let rebased): try record(nil, "the branch has passed on the base \(rebased.base.short)")
        case .kept(let base, let reason):
            try record(nil, "the run stays on its base and does not follow to \(base.short): \(reason)")
        case .followed(let rebased):
            try db.run(
                "UPDATE runs SET tip = ?, base = ? WHERE run = ?", rebased.tip.hex, rebased.base.hex, run)
            try mustHaveChanged("run")
            for commit in rebased.commits {
                try db.run(
                    """
                    UPDATE review_decisions SET commit_id = ?1 WHERE run = ?2 AND task = ?3
                    AND commit_id = (SELECT commit_id FROM tasks WHERE run = ?2 AND task = ?3)
                    """,
                    commit.commit.hex, run, commit.task.rawValue)
                try db.run(
                    "UPDATE tasks SET commit_id = ? WHERE run = ? AND task = ?", commit.commit.hex, run,
                    commit.task.rawValue)
            }
            try record(nil, "the branch now stands on the base \(rebased.base.short)")
        }
    }
}
