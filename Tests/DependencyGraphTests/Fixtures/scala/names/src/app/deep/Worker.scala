package shop {
  package app {
    package deep {
      object Worker { def work(): Unit = Settings.depth }
      case class Job(name: String) extends Named
    }
  }

  package model {
    class Late extends Defaults
  }
}
