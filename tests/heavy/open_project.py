"""Opens a project in QGIS, run by Debian's Python: tells what it finds as JSON, prints pages."""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsExpressionContextUtils,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsProject,
    QgsRenderContext,
)

project_path, folder, theme = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
was_read = project.read(str(project_path))


def classes(layer, style):
    """Return label, colours and count of features of each class of a style."""
    layer.styleManager().setCurrentStyle(style)
    renderer = layer.renderer()
    context = QgsRenderContext()
    counts = {rule.ruleKey(): 0 for rule in renderer.rootRule().children()}
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        for rule in renderer.rootRule().children():
            counts[rule.ruleKey()] += rule.isFilterOK(feature, context)
    renderer.stopRender(context)
    return [
        {
            "label": rule.label(),
            "count": counts[rule.ruleKey()],
            "symbol": [
                [
                    one.layerType(),
                    one.color().name(),
                    one.subSymbol().color().name() if one.subSymbol() else "",
                ]
                for one in rule.symbol().symbolLayers()
            ],
        }
        for rule in renderer.rootRule().children()
    ]


pages, series = {}, {}
for layout in project.layoutManager().printLayouts():
    if theme not in [
        feature["theme"]
        for feature in layout.atlas().coverageLayer().getFeatures(layout.atlas().filterExpression())
    ]:
        continue
    QgsExpressionContextUtils.setLayoutVariable(layout, "theme", theme)
    layout.refresh()
    name = layout.name().partition(" ")[0]
    atlas = layout.atlas()
    [shown] = [item for item in layout.items() if isinstance(item, QgsLayoutItemMap)]
    changes = []
    shown.themeChanged.connect(changes.append)
    atlas.beginRender()
    series[layout.name()] = []
    while atlas.next():
        layout.refresh()
        texts = [item.currentText() for item in layout.items() if isinstance(item, QgsLayoutItemLabel)]
        series[layout.name()].append([atlas.currentFilename(), (changes or [""])[-1], texts])
    atlas.endRender()
    exporter = QgsLayoutExporter(layout)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi, settings.generateWorldFile = 110, False
    pages[name] = [
        exporter.exportToImage(str(folder / f"{name}.png"), settings),
        exporter.exportToPdf(str(folder / f"{name}.pdf"), QgsLayoutExporter.PdfExportSettings()),
    ]

layers = project.mapLayers().values()
found = {
    "read": was_read,
    "crs": project.crs().authid(),
    "invalid": [layer.id() for layer in layers if not layer.isValid()],
    "outside": [
        layer.id() for layer in layers if not Path(layer.source().split("|")[0]).is_relative_to(folder)
    ],
    "themes": project.mapThemeCollection().mapThemes(),
    "relations": {one.id(): one.isValid() for one in project.relationManager().relations().values()},
    "pages": pages,
    "series": series,
    "styles": {
        layer.id(): {style: classes(layer, style) for style in layer.styleManager().styles()}
        for layer in layers
        if layer.id().startswith("pilot_wards_map_")
    },
}
(folder / "found.json").write_text(json.dumps(found), encoding="utf-8")
