"""Who a text speaks of: names, sexes, relatives; and which side of the body."""
