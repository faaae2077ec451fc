"use strict";
// Draws the figures; colours are names of CSS properties, so that one figure serves light and dark.
(function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const touch = matchMedia("(pointer: coarse)").matches;

  function coloured(value, style) {
    if (Array.isArray(value)) return value.map((each) => coloured(each, style));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, style)]));
    }
    return typeof value === "string" && /^--[a-z]+$/.test(value) ? style.getPropertyValue(value).trim() : value;
  }

  function shared(style, height) {
    const axis = {
      gridcolor: "--rule", zerolinecolor: "--rule", linecolor: "--rule", automargin: true,
      title: { font: { size: 13 }, standoff: 8 },
    };
    return coloured({
      height: height, autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      margin: { l: 56, r: 16, t: 12, b: 48 }, dragmode: touch ? false : "zoom", hovermode: "closest",
      font: { family: "system-ui, sans-serif", size: 13, color: "--ink" },
      hoverlabel: { bgcolor: "--raised", bordercolor: "--rule", font: { color: "--ink" } },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" }, xaxis: axis, yaxis: axis,
    }, style);
  }

  function merged(under, over) {
    if (!under || !over || typeof under !== "object" || typeof over !== "object" || Array.isArray(over)) return over;
    const both = { ...under };
    for (const [key, value] of Object.entries(over)) both[key] = merged(under[key], value);
    return both;
  }

  function draw() {
    const style = getComputedStyle(document.documentElement);
    for (const figure of figures) {
      const layout = merged(shared(style, figure.height), coloured(figure.layout, style));
      const options = { responsive: true, displaylogo: false, displayModeBar: false };
      Plotly.react(figure.name, coloured(figure.data, style), layout, options);
    }
  }

  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
