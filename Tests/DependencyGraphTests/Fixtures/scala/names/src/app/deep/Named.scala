package shop.app.deep

trait Named { def context: Context = null }
