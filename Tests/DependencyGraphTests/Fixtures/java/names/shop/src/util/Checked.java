package shop.util;

public @interface Checked {
    Class<?> value() default Strings.class;
    Level[] levels() default {};

    enum Level { LOW, HIGH }
}
