@Checked
package shop.app;

import shop.util.Checked;
