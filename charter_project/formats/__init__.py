"""How dates are written, where Django's own formats would not do: no line ends between a day and its month."""
