// RankLib's own scorers on its own order: java -cp <RankLib classes> Ranklib.java
// Lines in: the number of metrics and their names; then a list a line, label:score separated by blanks. A line out a list: its values.
import ciir.umass.edu.learning.DataPoint;
import ciir.umass.edu.learning.DenseDataPoint;
import ciir.umass.edu.learning.RankList;
import ciir.umass.edu.metric.MetricScorerFactory;
import ciir.umass.edu.utilities.MergeSorter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

class Ranklib {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    String[] metrics = in.readLine().trim().split(" ");
    String line;
    for (int q = 0; (line = in.readLine()) != null; q++) {
      String[] words = line.trim().split(" ");
      List<DataPoint> points = new ArrayList<>();
      double[] scores = new double[words.length];
      for (int i = 0; i < words.length; i++) {
        String[] pair = words[i].split(":");
        points.add(new DenseDataPoint(pair[0] + " qid:" + q + " 1:0"));
        scores[i] = Double.parseDouble(pair[1]);
      }
      RankList ranked = new RankList(new RankList(points), MergeSorter.sort(scores, false));
      StringBuilder out = new StringBuilder();
      for (String metric : metrics) out.append(new MetricScorerFactory().createScorer(metric).score(ranked)).append(' ');
      System.out.println(out.toString().trim());
    }
  }
}
