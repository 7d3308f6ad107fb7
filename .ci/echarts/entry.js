// The part of Apache ECharts that the report draws with.
import * as core from 'echarts/core';
import { BarChart, HeatmapChart, SankeyChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

core.use([BarChart, HeatmapChart, SankeyChart, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent,
  VisualMapComponent, SVGRenderer]);
export const init = core.init;
