"""What a street network is made from: files of streets, read, understood and cut at their junctions."""
